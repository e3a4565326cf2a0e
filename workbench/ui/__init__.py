"""The window and the widgets that every panel is made of.

Nothing here knows a protocol, a socket or a panel: widgets get values and callbacks, the window gets descriptions of
its tabs. Import the module you need; nothing is gathered here.
"""
