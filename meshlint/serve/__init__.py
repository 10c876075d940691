"""Who asks over the network? HTTP and admission reviews, thin over meshlint.api."""
