../generated/wizfi360/wizfi360.h \
  ../generated/wizfi360/wizfi360_module_lexer.re \
  ../generated/wizfi360/wizfi360_module_grammar.lemon \
  ../generated/wizfi360/wizfi360_module.h \
  ../generated/wizfi360/wizfi360_module.c \
  ../generated/wizfi360/wizfi360_host_lexer.re \
  ../generated/wizfi360/wizfi360_host_grammar.lemon \
  ../generated/wizfi360/wizfi360_host.h \
  ../generated/wizfi360/wizfi360_host.c \
  ../generated/wizfi360/wizfi360_host_wait.c \
  ../generated/wizfi360/wizfi360_text.c \
  ../generated/wizfi360/wizfi360_names.c \
  ../generated/wizfi360/wizfi360_module_lexer.inc \
  ../generated/wizfi360/wizfi360_module_grammar.inc \
  ../generated/wizfi360/wizfi360_host_lexer.inc \
  ../generated/wizfi360/wizfi360_host_grammar.inc: \
  ../spec/espressif.atspec \
  ../spec/wizfi360.atspec
../spec/wizfi360.atspec:
