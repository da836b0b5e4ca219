../generated/air602/air602.h \
  ../generated/air602/air602_module_lexer.re \
  ../generated/air602/air602_module_grammar.lemon \
  ../generated/air602/air602_module.h \
  ../generated/air602/air602_module.c \
  ../generated/air602/air602_host_lexer.re \
  ../generated/air602/air602_host_grammar.lemon \
  ../generated/air602/air602_host.h \
  ../generated/air602/air602_host.c \
  ../generated/air602/air602_host_wait.c \
  ../generated/air602/air602_text.c \
  ../generated/air602/air602_names.c \
  ../generated/air602/air602_module_lexer.inc \
  ../generated/air602/air602_module_grammar.inc \
  ../generated/air602/air602_host_lexer.inc \
  ../generated/air602/air602_host_grammar.inc: \
  ../spec/air602.atspec
