"""What is asked of GitLab's GraphQL: parents and links, which REST has only one by one or not."""

_PARENT = "... on WorkItemWidgetHierarchy { parent { iid namespace { fullPath } } }"
_LINKS = """... on WorkItemWidgetLinkedItems {
        linkedItems(first: 100) {
          nodes { linkId linkType workItem { iid namespace { fullPath } } }
          pageInfo { hasNextPage }
        }
      }"""


def ties(*, has_links: bool) -> str:
    """Return the query for parents, and links where they can be held."""
    return f"""query Ties($path: ID!, $iids: [String!]) {{
  project(fullPath: $path) {{
    workItems(iids: $iids, first: 100) {{
      nodes {{ iid widgets {{
        {_PARENT}
        {_LINKS if has_links else ""}
      }} }}
    }}
  }}
}}"""


HANG = f"""mutation Hang($id: WorkItemID!, $parent: WorkItemID) {{
  workItemUpdate(input: {{id: $id, hierarchyWidget: {{parentId: $parent}}}}) {{
    errors
    workItem {{ iid widgets {{ {_PARENT} }} }}
  }}
}}"""

FEATURES = """query Features($path: ID!) {
  namespace(fullPath: $path) { availableFeatures { hasBlockedIssuesFeature } }
}"""
