"""One unit of work: the features' repositories over one open transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cached_property

from sqlalchemy import Connection

from portal.domain.jobs import Job
from portal.storage.attachments import Attachments
from portal.storage.attention import Attention
from portal.storage.audit import AuditTrail
from portal.storage.checklist import Checklist
from portal.storage.consents import ConsentEvents
from portal.storage.copy_places import CopyPlaces
from portal.storage.delegations import Delegations
from portal.storage.desk_views import DeskViews
from portal.storage.erasures import Erasures
from portal.storage.forms import Forms
from portal.storage.kept import KeptTexts
from portal.storage.ledger import LedgerMark, LostRequests
from portal.storage.letters import Letters
from portal.storage.limits import Counts
from portal.storage.messages import Messages
from portal.storage.notices import Notices, Recipients
from portal.storage.other_addresses import OtherAddresses
from portal.storage.people import People
from portal.storage.pictures import Pictures
from portal.storage.policies import Policies
from portal.storage.policy_drafts import PolicyDrafts
from portal.storage.policy_readings import FeedNames, PolicyReadings
from portal.storage.postings import Postings
from portal.storage.queues import Queues
from portal.storage.registers import Registers
from portal.storage.request_sorts import RequestSorts
from portal.storage.request_words import RequestWords
from portal.storage.retention import Retention
from portal.storage.rights import RightsRequests
from portal.storage.same_requests import SameRequests
from portal.storage.settings import Marks, OfficerSettings
from portal.storage.setup import Setup
from portal.storage.sign_in import Codes, Sessions, Tokens
from portal.storage.staff import Staff
from portal.storage.statements import Statements
from portal.storage.subscribers import Subscribers
from portal.storage.tallies import Tallies


class Store:
    """What a service is handed. Repositories are made when first asked for."""

    def __init__(
        self, connection: Connection, promise: Callable[[object, Sequence[Job], datetime | None], None] | None = None
    ) -> None:
        """Work inside the connection's open transaction; `promise` hands jobs to the work engine."""
        self.connection = connection
        self._promise = promise

    def promise(self, *jobs: Job, due: datetime | None = None) -> None:
        """Promise work in this transaction: if it is not kept, nothing is done.

        Without an engine (a command that only writes) nothing needs waking: the sweep finds what stands still.
        """
        if self._promise is not None:
            self._promise(self.connection, jobs, due)

    @cached_property
    def people(self) -> People:
        """People who signed in or asked."""
        return People(self.connection)

    @cached_property
    def other_addresses(self) -> OtherAddresses:
        """Other addresses that people proved."""
        return OtherAddresses(self.connection)

    @cached_property
    def staff(self) -> Staff:
        """Members of staff."""
        return Staff(self.connection)

    @cached_property
    def sessions(self) -> Sessions:
        """Signed-in browsers."""
        return Sessions(self.connection)

    @cached_property
    def codes(self) -> Codes:
        """Six-digit codes."""
        return Codes(self.connection)

    @cached_property
    def tokens(self) -> Tokens:
        """One-time links."""
        return Tokens(self.connection)

    @cached_property
    def counts(self) -> Counts:
        """How often something was tried."""
        return Counts(self.connection)

    @cached_property
    def kept(self) -> KeptTexts:
        """What was typed when a session ended."""
        return KeptTexts(self.connection)

    @cached_property
    def forms(self) -> Forms:
        """Forms already taken, so that a second press creates nothing."""
        return Forms(self.connection)

    @cached_property
    def requests(self) -> RightsRequests:
        """Rights requests and their events."""
        return RightsRequests(self.connection)

    @cached_property
    def delegations(self) -> Delegations:
        """Who decides in the officer's place."""
        return Delegations(self.connection)

    @cached_property
    def same_requests(self) -> SameRequests:
        """Requests that may ask the same thing, and those found to."""
        return SameRequests(self.connection)

    @cached_property
    def statements(self) -> Statements:
        """Comments kept because we did not correct."""
        return Statements(self.connection)

    @cached_property
    def queues(self) -> Queues:
        """Pages of requests and their numbers."""
        return Queues(self.connection)

    @cached_property
    def request_sorts(self) -> RequestSorts:
        """How many requests there are of each sort."""
        return RequestSorts(self.connection)

    @cached_property
    def request_words(self) -> RequestWords:
        """The words of requests' messages."""
        return RequestWords(self.connection)

    @cached_property
    def desk_views(self) -> DeskViews:
        """The views members of staff keep."""
        return DeskViews(self.connection)

    @cached_property
    def checklist(self) -> Checklist:
        """Lines of requests' checklists."""
        return Checklist(self.connection)

    @cached_property
    def attachments(self) -> Attachments:
        """Files attached to requests, sealed."""
        return Attachments(self.connection)

    @cached_property
    def messages(self) -> Messages:
        """Messages about requests."""
        return Messages(self.connection)

    @cached_property
    def letters(self) -> Letters:
        """The outbox."""
        return Letters(self.connection)

    @cached_property
    def attention(self) -> Attention:
        """What every page of staff asks."""
        return Attention(self.connection)

    @cached_property
    def postings(self) -> Postings:
        """Letters on paper and the days they were posted."""
        return Postings(self.connection)

    @cached_property
    def audit(self) -> AuditTrail:
        """The audit trail."""
        return AuditTrail(self.connection)

    @cached_property
    def consents(self) -> ConsentEvents:
        """Consents given and withdrawn through the portal."""
        return ConsentEvents(self.connection)

    @cached_property
    def copy_places(self) -> CopyPlaces:
        """Copies on their way."""
        return CopyPlaces(self.connection)

    @cached_property
    def registers(self) -> Registers:
        """Registers of communications and incidents."""
        return Registers(self.connection)

    @cached_property
    def tallies(self) -> Tallies:
        """How many requests there were, and how they were answered."""
        return Tallies(self.connection)

    @cached_property
    def erasures(self) -> Erasures:
        """Erasures, their steps and batches."""
        return Erasures(self.connection)

    @cached_property
    def ledger(self) -> LedgerMark:
        """How far the erasure ledger reached."""
        return LedgerMark(self.connection)

    @cached_property
    def lost_requests(self) -> LostRequests:
        """Requests that only the ledger knows."""
        return LostRequests(self.connection)

    @cached_property
    def retention(self) -> Retention:
        """What has been kept as long as promised, and deleting it."""
        return Retention(self.connection)

    @cached_property
    def policies(self) -> Policies:
        """Published policy versions."""
        return Policies(self.connection)

    @cached_property
    def policy_drafts(self) -> PolicyDrafts:
        """Policies being written."""
        return PolicyDrafts(self.connection)

    @cached_property
    def notices(self) -> Notices:
        """Notices told to many."""
        return Notices(self.connection)

    @cached_property
    def recipients(self) -> Recipients:
        """Whom notices are for."""
        return Recipients(self.connection)

    @cached_property
    def subscribers(self) -> Subscribers:
        """Visitors who asked to be told of changes."""
        return Subscribers(self.connection)

    @cached_property
    def policy_readings(self) -> PolicyReadings:
        """Versions that people opened and acknowledged."""
        return PolicyReadings(self.connection)

    @cached_property
    def feed_names(self) -> FeedNames:
        """The names of feeds."""
        return FeedNames(self.connection)

    @cached_property
    def settings(self) -> OfficerSettings:
        """The officer's settings."""
        return OfficerSettings(self.connection)

    @cached_property
    def setup(self) -> Setup:
        """What was tried while getting ready."""
        return Setup(self.connection)

    @cached_property
    def pictures(self) -> Pictures:
        """The portal's own pictures."""
        return Pictures(self.connection)

    @cached_property
    def marks(self) -> Marks:
        """Numbers by name: revisions and heartbeats."""
        return Marks(self.connection)
