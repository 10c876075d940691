"""Does anybody have the identities and addresses that Linkerd's policies name?"""
