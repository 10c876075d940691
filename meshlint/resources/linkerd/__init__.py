"""Views of Linkerd's kinds. Import the module of the kind in question, so that only it is loaded."""
