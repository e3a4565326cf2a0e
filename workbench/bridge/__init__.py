"""The only room where asyncio meets Qt: the loop, awaited dialogs, the feed of views, the heartbeat, the orderly end.

What stands here knows no panel and no protocol. `loop.run(app, main)` starts a program; `crash.CrashReporter` hears
of every exception nobody answered; `ending.Ending` brings everything down within three seconds.
"""

from workbench.bridge.features import ignore_feature_switches

ignore_feature_switches()
