"""The TV board as a page: composed here, painted in browsers, acknowledged for all of them."""
