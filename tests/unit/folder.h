/* A folder of a test's own: made before it, gone after it.
 * SPDX-License-Identifier: MIT */
#ifndef FOLDER_H
#define FOLDER_H

const char *folder_make(void *ctx);                             /* its path */
const char *folder_path(const char *name);                      /* of a file in it */
const char *folder_put(const char *name, const char *text);     /* write one; its path */
const char *folder_get(const char *name);                       /* read one; NULL: it is not there */
void folder_remove(void);

#endif
