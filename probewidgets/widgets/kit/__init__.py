"""What any widget is made of, whatever it shows.

A widget is a folder. Its `widget.py` has a class that is `Linked` with its pages, or `Saved` where it is also to be
read without a kernel, or `Files` where a person also writes it to files: what is shown (`_payload`), what is chosen
(`_choices`), and a method for each kind of messages that it `hears`. Long work goes to a runner, and tells its
`Progress`. Its `view.js` draws that from a `Store`, and is made a widget by `widgetOf`; `saveMenu` is the button of
`Files`. `_esm, _css = linked(Path(__file__).with_name("view.js"))` gives it to the page.
"""
