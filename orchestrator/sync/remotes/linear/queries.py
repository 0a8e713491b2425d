"""What Linear is asked, in GraphQL.

Page sizes are chosen below Linear's 10,000 points a query, where a field costs 0.1, an object 1,
and a connection multiplies its content by its page size: a whole page of issues costs 9,000.
"""

from typing import Final

MARK: Final = "orchestrator://task/"
"""Before the id of ours, in the address of the attachment that an issue carries as its mark."""

PAGE: Final = 250
RELATIONS: Final = 6
RECENT: Final = 50

ISSUE: Final = f"""fragment I on Issue {{
  id identifier title description priority estimate dueDate url trashed labelIds
  createdAt updatedAt startedAt completedAt archivedAt
  state {{ id name type }} assignee {{ id email displayName }} project {{ id }} parent {{ id }}
  inverseRelations(first: {RELATIONS}) {{
    nodes {{ id type issue {{ id }} }} pageInfo {{ hasNextPage endCursor }}
  }}
  attachments(first: 1, filter: {{ url: {{ startsWith: "{MARK}" }} }}) {{ nodes {{ url }} }}
}}"""

PROJECT: Final = """fragment P on Project {
  id name slugId content priority startDate startDateResolution targetDate targetDateResolution
  url trashed labelIds createdAt updatedAt startedAt completedAt archivedAt
  status { id name type } lead { id email displayName }
}"""

_MORE = "pageInfo { hasNextPage endCursor }"

VIEWER: Final = """query Viewer {
  viewer { id name displayName email }
  teams(first: 250) { nodes { id key name } pageInfo { hasNextPage endCursor } }
}"""

GREET: Final = f"""query Greet($team: String!, $labels: IssueLabelFilter!) {{
  viewer {{ id name displayName email }}
  teams(first: 1, filter: {{ key: {{ eq: $team }} }}) {{ nodes {{
    id key name issueEstimationType issueEstimationExtended issueEstimationAllowZero
    states(first: 250) {{ nodes {{ id name type position }} {_MORE} }}
  }} }}
  projectStatuses(first: 250) {{ nodes {{ id name type position }} {_MORE} }}
  issueLabels(first: 250, filter: $labels) {{ nodes {{ id name isGroup team {{ id }} }} {_MORE} }}
  projectLabels(first: 250) {{ nodes {{ id name isGroup }} {_MORE} }}
  users(first: 250, includeDisabled: true) {{
    nodes {{ id name displayName email active }} {_MORE}
  }}
}}"""

TEAMS: Final = f"""query Teams($after: String) {{
  teams(first: 250, after: $after) {{ nodes {{ id key name }} {_MORE} }}
}}"""

LABELS: Final = f"""query Labels($after: String, $labels: IssueLabelFilter!) {{
  issueLabels(first: 250, after: $after, filter: $labels) {{
    nodes {{ id name isGroup team {{ id }} }} {_MORE}
  }}
}}"""

TAGS: Final = f"""query Tags($after: String) {{
  projectLabels(first: 250, after: $after) {{ nodes {{ id name isGroup }} {_MORE} }}
}}"""

USERS: Final = f"""query Users($after: String) {{
  users(first: 250, after: $after, includeDisabled: true) {{
    nodes {{ id name displayName email active }} {_MORE}
  }}
}}"""

LISTING: Final = f"""query Listing(
  $first: Int!, $issues: IssueFilter!, $projects: ProjectFilter!
) {{
  projects(first: 100, filter: $projects, includeArchived: true, orderBy: updatedAt) {{
    nodes {{ ...P }} {_MORE}
  }}
  issues(first: $first, filter: $issues, includeArchived: true, orderBy: updatedAt) {{
    nodes {{ ...I }} {_MORE}
  }}
}}
{ISSUE}
{PROJECT}"""

CHANGES: Final = LISTING.replace("query Listing", "query Changes").replace(
    "  issues(",
    f"""  issueRelations(first: {RECENT}, orderBy: updatedAt) {{
    nodes {{ id type updatedAt issue {{ id }} relatedIssue {{ id team {{ key }} }} }} {_MORE}
  }}
  issues(""",
)

ISSUES: Final = f"""query Issues($first: Int!, $after: String, $issues: IssueFilter!) {{
  issues(
    first: $first, after: $after, filter: $issues, includeArchived: true, orderBy: updatedAt
  ) {{ nodes {{ ...I }} {_MORE} }}
}}
{ISSUE}"""

PROJECTS: Final = f"""query Projects($first: Int!, $after: String, $projects: ProjectFilter!) {{
  projects(
    first: $first, after: $after, filter: $projects, includeArchived: true, orderBy: updatedAt
  ) {{ nodes {{ ...P }} {_MORE} }}
}}
{PROJECT}"""

BLOCKERS: Final = f"""query Blockers($after: String, $id: String!) {{
  issue(id: $id) {{
    inverseRelations(first: 250, after: $after) {{ nodes {{ id type issue {{ id }} }} {_MORE} }}
  }}
}}"""

RECENT_RELATIONS: Final = f"""query Relations($after: String) {{
  issueRelations(first: 250, after: $after, orderBy: updatedAt) {{
    nodes {{ id type updatedAt issue {{ id }} relatedIssue {{ id team {{ key }} }} }} {_MORE}
  }}
}}"""

CREATE_ISSUE: Final = f"""mutation Create(
  $issue: IssueCreateInput!, $mark: AttachmentCreateInput!
) {{
  issueCreate(input: $issue) {{ success }}
  mark: attachmentCreate(input: $mark) {{ success attachment {{ issue {{ ...I }} }} }}
}}
{ISSUE}"""

CREATE_PROJECT: Final = f"""mutation CreateProject($project: ProjectCreateInput!) {{
  projectCreate(input: $project) {{ success project {{ ...P }} }}
}}
{PROJECT}"""

DELETE_ISSUE: Final = "mutation Delete($id: String!) { issueDelete(id: $id) { success } }"
DELETE_PROJECT: Final = (
    "mutation DeleteProject($id: String!) { projectDelete(id: $id) { success } }"
)

CREATE_LABEL: Final = """mutation CreateLabel($label: IssueLabelCreateInput!) {
  issueLabelCreate(input: $label) { success issueLabel { id name } }
}"""

CREATE_TAG: Final = """mutation CreateTag($label: ProjectLabelCreateInput!) {
  projectLabelCreate(input: $label) { success projectLabel { id name } }
}"""
