"""Questions on a set as a whole: who may call whom, what hangs together, which mesh fits."""
