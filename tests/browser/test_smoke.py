from tests.browser.lab import Explorer
from tests.browser.stub import item_names
def test_smoke(notebook, lab, screenshots):
    import time; t=time.time()
    notebook.run_all()
    e=Explorer(notebook)
    e.type("the cats sat .")
    e.expect_items(item_names("the cats sat .", notebook.python("w.layer")))
    print(time.time()-t)
    notebook.page.screenshot(path=screenshots/"x.png")
    print(notebook.console)
    print(notebook.page.evaluate("fetch('http://example.com/x').catch(e => String(e))"))
    print(notebook.python("w.text"))
