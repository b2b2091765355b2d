"""The whole of Vulpes with the limits of AWS, without default data: `python -m tests.stack.run_deployed`.

Prints as one line of JSON where its parts are, as the outputs of a stack and the settings of who works on its table.
"""

import json
import sys

from infra.local.stack import KEY, SECRET, Stack


def main() -> None:
    """Runs until its input ends."""
    with Stack(empty=True, memory=True, as_on_aws=True) as stack:
        from chalicelib.settings import current

        known = current()
        cloud = {f"VULPES_{name}_ENDPOINT": stack.cloud_url for name in ("S3", "SQS", "SES")}
        told = {
            "outputs": {"SiteURL": stack.url, "TableName": known.table, "FilesBucket": known.bucket},
            "settings": {
                **cloud,
                "VULPES_DYNAMODB_ENDPOINT": stack.database_url,
                "AWS_ACCESS_KEY_ID": KEY,
                "AWS_SECRET_ACCESS_KEY": SECRET,
            },
            "region": known.region,
        }
        print(json.dumps(told), flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
