/* A command that was read becomes a dialog: the answer that an example shows for its form, said
 * step by step. What comes after the form's end (late results, URCs) outlives the command.
 * SPDX-License-Identifier: MIT */
#include "world.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "net.h"
#include "voice.h"

struct world {
    at_module_hook hook;
    voice voice;
    answer *answers;
    store settings; /* what has been set */
    store received; /* data sent to the module */
    dialog *heard;  /* a command that was parsed and not yet called */
    dialog *running, *late;
    net *net;            /* NULL: connections are not there */
    struct incoming *in; /* what a connection has to say, NULL nothing */
    char *data;
    size_t n_data; /* of the data phase under way */
};

/* ---- what is heard ---- */
static void heard_command(void *ctx, const at_event *e)
{
    world *w = ctx;
    if (e->saw != AT_SAW_COMMAND) return;
    dialog_free(w->heard);
    w->heard = dialog_new(w->voice.names, w->answers, e);
}

/* ---- what is set ---- */

/* Arguments that were left out are not set any more. */
static void forget_left_out(world *w, const dialog *d)
{
    const at_names *names = w->voice.names;
    const at_line_name *line = &names->lines[names->module_lines[d->line]];
    for (unsigned i = 0; i < line->n_slots; i++) {
        const char *name = line->slots[i].name;
        if (store_find(&d->args, "", name)) continue;
        store_remove(&w->settings, d->scope, name);
        store_remove(&w->settings, d->variant, name);
    }
}

static void remember(world *w, const dialog *d)
{
    if (!dialog_is(d, "set", "save")) return;
    forget_left_out(w, d);
    for (const store_value *v = d->args.first; v; v = v->next) {
        store_put(&w->settings, d->scope, v->name, v->text, v->n);
        store_put(&w->settings, d->variant, v->name, v->text, v->n);
    }
}

/* ---- connections ---- */
typedef struct incoming { /* a URC that tells of one */
    const at_meaning *meaning;
    dialog dialog;
    answer_step step;
    answer_item item;
    char data[NET_PIECE];
} incoming;

static const at_meaning *meaning_of(const world *w, const dialog *d)
{
    const at_names *names = w->voice.names;
    for (unsigned i = 0; i < names->n_meanings; i++) {
        const at_meaning *m = &names->meanings[i];
        if (m->role < AT_MEANS_RECEIVED && &names->forms[m->of] == d->form) return m;
    }
    return NULL;
}

/* The argument that the meaning's parameter `which` is; "" without one. */
static const char *argument(const dialog *d, const at_meaning *m, unsigned which)
{
    const store_value *v = m->params[which] ? store_find(&d->args, "", m->params[which]) : NULL;
    return v ? v->text : "";
}

static unsigned connection_param(const at_meaning *m)
{
    return m->role == AT_MEANS_OPEN_TCP || m->role == AT_MEANS_OPEN_UDP ? 2 : 0;
}

static const char *connection_of(const dialog *d, const at_meaning *m)
{
    return argument(d, m, connection_param(m));
}

static bool open_connection(world *w, const dialog *d, const at_meaning *m)
{
    const char *own = argument(d, m, 3);
    const net_peer peer = {argument(d, m, 0), argument(d, m, 1), *own ? own : NULL,
                           m->role == AT_MEANS_OPEN_UDP};
    return net_open(w->net, connection_of(d, m), &peer);
}

/* What has to be so before the command is answered. */
static bool may_answer(world *w, const dialog *d)
{
    const at_meaning *m = w->net ? meaning_of(w, d) : NULL;
    if (!m) return true;
    if (connection_param(m) == 2) return open_connection(w, d, m);
    return net_has(w->net, connection_of(d, m));
}

/* The data of a command that sends; false: they have not gone out. */
static bool send_data(world *w, const dialog *d)
{
    const at_meaning *m = w->net ? meaning_of(w, d) : NULL;
    if (!m || m->role != AT_MEANS_SEND) return true;
    return net_send(w->net, connection_of(d, m), w->data, w->n_data);
}

static void close_connection(world *w, const dialog *d)
{
    const at_meaning *m = w->net ? meaning_of(w, d) : NULL;
    if (m && m->role == AT_MEANS_CLOSE) net_close(w->net, connection_of(d, m));
}

static void incoming_free(incoming *in)
{
    if (in) store_clear(&in->dialog.args);
    free(in);
}

static void put_param(incoming *in, unsigned which, const char *value)
{
    const char *name = in->meaning->params[which];
    if (name && *value) store_put(&in->dialog.args, "", name, value, strlen(value));
}

static incoming *incoming_new(const at_meaning *m, const net_event *e)
{
    incoming *in = store_memory(sizeof *in);
    in->item = (answer_item){.kind = ANSWER_URC, .line = m->of, .least = true, .is_own = true};
    in->step = (answer_step){.reply = ANSWER_NO_REPLY, .items = &in->item, .n_items = 1};
    in->meaning = m;
    put_param(in, 0, e->id);
    put_param(in, 1, e->host);
    put_param(in, 2, e->port);
    if (e->lost) return in;
    memcpy(in->data, e->data, e->n);
    in->item.data = in->data;
    in->item.n = e->n;
    in->item.has_data = true;
    return in;
}

/* A URC for what has come; a dialect without one does not tell. */
static void listen_to_net(world *w)
{
    const at_names *names = w->voice.names;
    net_event e;
    if (w->in || !net_next(w->net, &e)) return;
    unsigned role = e.lost ? AT_MEANS_LOST : AT_MEANS_RECEIVED;
    for (unsigned i = 0; i < names->n_meanings && !w->in; i++)
        if (names->meanings[i].role == role) w->in = incoming_new(&names->meanings[i], &e);
}

/* The peer is named where the dialect does so now. True: it has been said, or cannot be. */
static bool tell(world *w, incoming *in)
{
    at_status status = voice_say(&w->voice, &in->dialog, &in->step);
    for (unsigned i = 1; i < 3 && status == AT_INVALID; i++)
        if (in->meaning->params[i]) store_remove(&in->dialog.args, "", in->meaning->params[i]);
    if (status == AT_INVALID) status = voice_say(&w->voice, &in->dialog, &in->step);
    return status != AT_AGAIN;
}

void world_go_online(world *w)
{
    w->net = net_new();
}

bool world_is_online(const world *w)
{
    return w->in || (w->net && net_is_used(w->net));
}

/* ---- a dialog goes on ---- */
static void note_end(world *w, dialog *d, bool good)
{
    d->ended = true;
    if (!good) return;
    remember(w, d);
    close_connection(w, d);
}

/* A form that no further reply ends. */
static void end_form(world *w, dialog *d)
{
    at_status status = at_module_done(w->voice.module, true);
    if (status == AT_OK) {
        remember(w, d);
        close_connection(w, d);
    }
    d->ended = true;
}

/* A URC ends nothing. */
static at_reply reply_of(const world *w, const answer_step *s)
{
    at_reply none;
    memset(&none, 0, sizeof none);
    return s->reply == ANSWER_NO_REPLY ? none : at_reply_look(w->voice.names, s->reply);
}

/* One step. AT_OK: it is done. */
static at_status say(world *w, dialog *d)
{
    const at_reply r = reply_of(w, d->step);
    bool ends = r.ends || at_reply_is_transparent(&r);
    if (r.later && !d->ended) end_form(w, d);
    at_status status = voice_say(&w->voice, d, d->step);
    if (status == AT_AGAIN) return status;
    d->step = d->step->next;
    if (status == AT_OK && ends) note_end(w, d, !r.fails);
    return status;
}

/* What the module can say now. AT_OK: all has been said; AT_PENDING: the host has to send data;
 * AT_AGAIN: there is no room. What comes late and cannot be said is left out; anything else that
 * cannot be said is the status. */
static at_status say_all(world *w, dialog *d)
{
    while (d->step) {
        if (!d->ended && !d->data_over && at_module_in_data(w->voice.module)) return AT_PENDING;
        at_status status = say(w, d);
        if (status == AT_AGAIN || (status != AT_OK && !d->ended)) return status;
    }
    if (d->ended) return AT_OK;
    if (!d->data_over && at_module_in_data(w->voice.module)) return AT_PENDING;
    end_form(w, d);
    return AT_OK;
}

static void drop_running(world *w)
{
    dialog_free(w->running);
    w->running = NULL;
}

static void keep_late(world *w, dialog *t)
{
    dialog **at = &w->late;
    while (*at)
        at = &(*at)->next;
    *at = t;
}

/* The running dialog as far as it goes; the status for the runtime. */
static at_status run(world *w)
{
    dialog *d = w->running;
    at_status status = say_all(w, d);
    if (status == AT_PENDING || (status == AT_AGAIN && !d->ended)) return status;
    w->running = NULL;
    if (status == AT_AGAIN) {
        keep_late(w, d);
        return AT_OK;
    }
    dialog_free(d);
    return status == AT_OK ? AT_OK : at_module_refuse(w->voice.module, AT_REFUSE_UNSUPPORTED);
}

/* ---- what the module calls ---- */
static at_status refuse(world *w)
{
    drop_running(w);
    return at_module_refuse(w->voice.module, AT_REFUSE_UNSUPPORTED);
}

static at_status call(at_module *m, unsigned form, const void *fields, void *ctx)
{
    world *w = ctx;
    at_status status = at_module_test(m);
    (void)form;
    (void)fields;
    if (status != AT_UNSUPPORTED) return status;
    if (w->heard) {
        drop_running(w);
        w->running = w->heard;
        w->heard = NULL;
        w->n_data = 0;
        if (!may_answer(w, w->running)) return refuse(w);
    }
    if (!w->running->step) return AT_UNSUPPORTED;
    return run(w);
}

static void collect(world *w, const at_chunk *c)
{
    char *data = store_memory(w->n_data + c->n);
    if (w->n_data > 0) memcpy(data, w->data, w->n_data);
    if (c->n > 0) memcpy(data + w->n_data, c->p, c->n);
    free(w->data);
    w->data = data;
    w->n_data += c->n;
}

/* The data did not come. A cancel is answered only where the command has something more to say. */
static void give_up(world *w, at_status why)
{
    const answer_step *s = w->running->step;
    bool more = s && s->reply != ANSWER_NO_REPLY && !reply_of(w, s).later;
    if (why == AT_CANCELLED && !more)
        why = at_module_done(w->voice.module, false);
    drop_running(w);
}

/* Data for the running command. In transparent mode it goes nowhere. */
static size_t take(at_module *m, unsigned form, const at_chunk *c, void *ctx)
{
    world *w = ctx;
    (void)form;
    if (at_module_in_transparent(m) || !w->running) return c->n;
    collect(w, c);
    if (c->status == AT_PENDING) return c->n;
    if (c->status != AT_OK && c->status != AT_SHORT) {
        give_up(w, c->status);
        return c->n;
    }
    const store_value *first = w->running->args.first;
    if (first) store_put(&w->received, first->name, first->text, w->data, w->n_data);
    w->running->data_over = true;
    at_status status = send_data(w, w->running) ? run(w) : refuse(w);
    (void)status;
    return c->n;
}

bool world_poll(world *w)
{
    if (w->running && !w->voice.module->form) drop_running(w); /* the runtime did */
    if (w->running && w->running->data_over) run(w);
    while (w->late && say_all(w, w->late) != AT_AGAIN) {
        dialog *done = w->late;
        w->late = done->next;
        dialog_free(done);
    }
    if (w->net) listen_to_net(w);
    if (w->in && tell(w, w->in)) {
        incoming_free(w->in);
        w->in = NULL;
    }
    return w->late || (w->running && w->running->data_over);
}

/* ---- life ---- */
world *world_new(const at_names *names)
{
    world *w = store_memory(sizeof *w);
    w->hook = (at_module_hook){call, take, w};
    w->answers = answer_all(names);
    voice_init(&w->voice, names, &w->settings, &w->received);
    return w;
}

static char *read_all(const char *path)
{
    FILE *file = fopen(path, "rb");
    char *text = file ? store_memory(1) : NULL;
    size_t n = 0, more = 1;
    while (text && more > 0) {
        char block[4096];
        more = fread(block, 1, sizeof block, file);
        char *longer = store_memory(n + more + 1);
        memcpy(longer, text, n);
        memcpy(longer + n, block, more);
        free(text);
        text = longer;
        n += more;
    }
    if (file) fclose(file);
    return text;
}

bool world_read(world *w, const char *program, const char *path)
{
    char fault[ANSWER_FAULT] = "";
    char *text = read_all(path);
    answer *read = text ? answer_read(w->voice.names, text, fault) : NULL;
    const char *why = !text ? strerror(errno) : *fault ? fault : "there is no exchange in it";
    if (read)
        w->answers = answer_join(read, w->answers);
    else
        fprintf(stderr, "%s: %s: %s\n", program, path, why);
    free(text);
    return read != NULL;
}

static void forget_dialogs(world *w)
{
    dialog_free(w->heard);
    w->heard = NULL;
    drop_running(w);
    while (w->late) {
        dialog *next = w->late->next;
        dialog_free(w->late);
        w->late = next;
    }
}

void world_free(world *w)
{
    forget_dialogs(w);
    incoming_free(w->in);
    net_free(w->net);
    answer_free(w->answers);
    store_clear(&w->settings);
    store_clear(&w->received);
    voice_free(&w->voice);
    free(w->data);
    free(w);
}

void world_attach(world *w, at_module *module)
{
    forget_dialogs(w);
    w->voice.module = module;
    module->hook = &w->hook;
    module->link.tap = heard_command;
    module->link.tap_ctx = w;
}
