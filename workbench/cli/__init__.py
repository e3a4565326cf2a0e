"""The terminal face: `workbench NOUN VERB ...`, one module a noun, the same engines as the window.

Conventions of a noun's module (`nouns` holds its catalogue line, `experiment` and `socket_` are examples):

- It offers `VERBS: tuple[Verb, ...]`. A Verb names its arguments as data (`arguments`), its schema ("socket.talk/1")
  and `run(parsed, output)`, which returns an exit code, or is a coroutine that does. A noun that is its own verb has
  one Verb with an empty name.
- Values are read while parsing (`Argument.read`); what does not fit is a LocalMisuse there, before anything happens.
- `run` imports what it needs itself: nothing heavy is imported for `--help` or for a mistake.
- Results go through Output: `output.document(...)` with --json, `output.line(...)` or `output.octets(...)` without,
  `output.note(...)` for people in both cases. A failure travels as WorkbenchError, with `output.so_far` set to what
  its document should hold beside it. Ctrl-C and SIGTERM cancel the coroutine, which closes what it opened and lets
  CancelledError through. `main` says the rest: the failure's document and sentence, the exit code.
"""
