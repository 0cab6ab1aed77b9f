"""What a JSON Schema holds."""


def nodes(node, path=""):
    """(path, value) of every mapping in it."""
    if isinstance(node, dict):
        yield path, node
        for key, value in node.items():
            yield from nodes(value, f"{path}/{key}")
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from nodes(value, f"{path}/{index}")


def undescribed(schema):
    """Keys of which an editor can say nothing."""
    return [
        f"{path}/{key}"
        for path, node in nodes(schema)
        for key, value in node.get("properties", {}).items()
        if isinstance(value, dict) and "description" not in value
    ]
