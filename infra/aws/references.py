"""References inside a template: CloudFormation's functions, named."""

from typing import Any, Final

Fragment = dict[str, Any]

STACK: Final[Fragment] = {"Ref": "AWS::StackName"}
NOTHING: Final[Fragment] = {"Ref": "AWS::NoValue"}


def ref(name: str) -> Fragment:
    """The value of a parameter, or the name of a resource."""
    return {"Ref": name}


def attribute(resource: str, name: str) -> Fragment:
    """An attribute of a resource."""
    return {"Fn::GetAtt": [resource, name]}


def text(template: str) -> Fragment:
    """A text with `${…}` filled in."""
    return {"Fn::Sub": template}


def choose(condition: str, yes: Any, no: Any = None) -> Fragment:
    """One of two values; without the second, the property is left out where the condition is false."""
    return {"Fn::If": [condition, yes, NOTHING if no is None else no]}


def is_function(value: Any) -> bool:
    """Whether a value is one of CloudFormation's functions, which are replaced as a whole and never merged."""
    return (
        isinstance(value, dict) and len(value) == 1 and all(name == "Ref" or name.startswith("Fn::") for name in value)
    )
