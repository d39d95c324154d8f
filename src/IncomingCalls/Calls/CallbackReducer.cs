using IncomingCalls.Inbox;

namespace IncomingCalls.Calls;

/// <summary>
/// The state machine of the callback of a person. A state is a function of the set of calls: those up to the last contact are dropped, whichever arrives first.
/// So an answered call that arrives after a later missed one closes the part of the callback before it. The functions are pure; every inbox uses them.
/// </summary>
internal static class CallbackReducer
{
    /// <summary>The newest unanswered calls that are listed besides the first one, and the newest attempts.</summary>
    public const int MaxCalls = 50;

    /// <summary>By how much the clock of the gateway may be ahead.</summary>
    private static readonly TimeSpan MaxClockSkew = TimeSpan.FromMinutes(1);

    /// <summary>How long a state is stored after its last change.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(14);

    /// <summary>Gets what a call means for its person; null when it has no outcome or no person.</summary>
    public static PersonContact? FindContact(Call call, string? account)
    {
        var kind = call switch
        {
            { Outcome: CallOutcome.None or CallOutcome.Unknown } => PersonContactKind.Withdrawn,
            { Outcome: CallOutcome.Answered, Direction: CallDirection.Outgoing } => PersonContactKind.CalledBack,
            { Outcome: CallOutcome.Answered } => PersonContactKind.Answered,
            { Direction: CallDirection.Outgoing } => PersonContactKind.Attempt,
            _ => PersonContactKind.Unanswered,
        };
        return kind == PersonContactKind.Withdrawn || call.OutcomeAt is not { } at || Person.Of(call.Caller.ChatId, call.Key.IdInstance, account) is not { } person
            ? null
            : new() { Person = person, Call = call.Key, Kind = kind, At = at };
    }

    /// <summary>Compares a call before and after a change. A later fact can change the outcome, its time, the direction and the person.</summary>
    public static IReadOnlyList<PersonContact> FindChanges(PersonContact? before, PersonContact? after)
    {
        if (before is null)
        {
            return after is null ? [] : [after];
        }

        if (before == after)
        {
            return [];
        }

        return before.Person == after?.Person
            ? [after with { WasUnanswered = before.Kind == PersonContactKind.Unanswered }]
            : after is null ? [before with { Kind = PersonContactKind.Withdrawn }] : [before with { Kind = PersonContactKind.Withdrawn }, after];
    }

    /// <summary>Applies what a call means to the state of its person.</summary>
    /// <param name="before">The stored state; null when there is none.</param>
    /// <param name="contact">What the call means.</param>
    /// <param name="now">The current time, in UTC.</param>
    public static PersonTransition Apply(PersonState? before, PersonContact contact, DateTimeOffset now)
    {
        var state = GetCurrent(before, contact.Person, now);
        switch (contact.Kind)
        {
            case PersonContactKind.Answered:
            case PersonContactKind.CalledBack:
                var how = contact.Kind == PersonContactKind.Answered ? CallbackClosing.Answered : CallbackClosing.CalledBack;
                // A clock that is fast must not hide the calls of the next minutes.
                var answeredAt = contact.At < now + MaxClockSkew ? contact.At : now + MaxClockSkew;
                return Answer(before, state, contact.Call, answeredAt, now, closed => Close(closed, state, how, contact.At, contact.Call, by: null, note: null));
            case PersonContactKind.Unanswered or PersonContactKind.Attempt when !IsCovered(state, contact, now):
                return Add(before, state, contact, now);
            default:
                // The call no longer counts, or its time turned out to be before the last contact. That is no closing: nobody was reached.
                var index = IndexOf(state, contact.Call);
                return index < 0 ? Unchanged(before) : Changed(WithCalls(state, [.. state.Calls.Where((_, position) => position != index)]), now);
        }
    }

    /// <summary>Closes the callback of a person on behalf of the host, unless the person has called again since.</summary>
    /// <param name="before">The stored state; null when there is none.</param>
    /// <param name="person">The person.</param>
    /// <param name="reachedAt">When the person was reached.</param>
    /// <param name="by">Who has reached the person; null if that is not known.</param>
    /// <param name="note">How the person was reached; null if that is not known.</param>
    /// <param name="now">The current time, in UTC.</param>
    public static PersonTransition Close(PersonState? before, Person person, DateTimeOffset reachedAt, string? by, string? note, DateTimeOffset now)
    {
        var state = GetCurrent(before, person, now);
        // A clock that is fast must not hide the calls of the next minutes.
        var at = reachedAt < now ? reachedAt : now;
        return state.Calls.LastOrDefault(static call => !call.IsAttempt)?.At > at
            ? Unchanged(before)
            : Answer(before, state, call: null, at, now, closed => Close(closed, state, CallbackClosing.Closed, at, closingCall: null, by, note));
    }

    /// <summary>Creates the open callback; null when none is open, or when the state has expired.</summary>
    public static OpenCallback? CreateOpen(PersonState state, long id, DateTimeOffset now)
    {
        if (state.ExpiresAt <= now || state.OpenSince is null)
        {
            return null;
        }

        var parts = new CallbackParts(state.Calls);
        return new()
        {
            Id = id,
            Person = state.Person,
            FirstMissedAt = parts.Unanswered[0].At,
            LastMissedAt = parts.Unanswered[^1].At,
            Count = parts.Unanswered.Length + state.OmittedCalls,
            Calls = parts.Keys,
            IdInstances = parts.IdInstances,
            Attempts = parts.Attempts.Length,
            LastAttemptAt = parts.LastAttemptAt,
            ExpiresAt = state.ExpiresAt,
        };
    }

    private static ClosedCallback Close(
        CallbackParts parts, PersonState before, CallbackClosing how, DateTimeOffset at, CallKey? closingCall, string? by, string? note) => new()
        {
            Person = before.Person,
            FirstMissedAt = parts.Unanswered[0].At,
            LastMissedAt = parts.Unanswered[^1].At,
            // The calls that are not listed came after the first one, and most likely before a contact that closes it.
            Count = parts.Unanswered.Length + (parts.Unanswered[0].At == before.OpenSince ? before.OmittedCalls : 0),
            Calls = parts.Keys,
            IdInstances = parts.IdInstances,
            Attempts = parts.Attempts.Length,
            LastAttemptAt = parts.LastAttemptAt,
            How = how,
            ClosedAt = at,
            ClosingCall = closingCall,
            By = by,
            Note = note,
        };

    /// <param name="before">The stored state.</param>
    /// <param name="state">The state, which has not expired.</param>
    /// <param name="call">The answered call, which may have been an unanswered one before; null for none.</param>
    /// <param name="at">When the person was spoken to.</param>
    /// <param name="now">The current time.</param>
    /// <param name="close">Creates the callback that has ended from its calls.</param>
    private static PersonTransition Answer(PersonState? before, PersonState state, CallKey? call, DateTimeOffset at, DateTimeOffset now, Func<CallbackParts, ClosedCallback> close)
    {
        var ended = state.Calls.Where(other => other.At <= at || other.Call == call).ToArray();
        if (ended.Length == 0 && state.AnsweredAt >= at)
        {
            return Unchanged(before);
        }

        var parts = new CallbackParts(ended);
        var rest = WithCalls(state, [.. state.Calls.Except(ended)]);
        if (parts.Unanswered.Length > 0 && parts.Unanswered[0].At == state.OpenSince)
        {
            rest = rest with { OmittedCalls = 0 };
        }

        return Changed(rest with { AnsweredAt = state.AnsweredAt > at ? state.AnsweredAt : at }, now) with { Closed = parts.Unanswered.Length > 0 ? close(parts) : null };
    }

    private static PersonTransition Add(PersonState? before, PersonState state, PersonContact contact, DateTimeOffset now)
    {
        var added = new PersonCall { Call = contact.Call, At = contact.At, IsAttempt = contact.Kind == PersonContactKind.Attempt };
        var index = IndexOf(state, contact.Call);
        if ((index >= 0 && state.Calls[index] == added) || (index < 0 && contact.WasUnanswered && state.OmittedCalls > 0))
        {
            // Counted before; the second time as a call that is no longer listed.
            return Unchanged(before);
        }

        List<PersonCall> calls = [.. state.Calls.Where((_, position) => position != index)];
        calls.Insert(calls.TakeWhile(other => Compare(other, added) < 0).Count(), added);
        var omitted = 0;
        if (calls.Count(other => other.IsAttempt == added.IsAttempt) > (added.IsAttempt ? MaxCalls : MaxCalls + 1))
        {
            // The first unanswered call is retained: it names the callback.
            calls.Remove(calls.Where(other => other.IsAttempt == added.IsAttempt).ElementAt(added.IsAttempt ? 0 : 1));
            omitted = added.IsAttempt ? 0 : 1;
        }

        return Changed(WithCalls(state, calls) with { OmittedCalls = state.OmittedCalls + omitted }, now);
    }

    /// <summary>Whether the person was spoken to at or after the call, or the call is too old to be stored.</summary>
    private static bool IsCovered(PersonState state, PersonContact contact, DateTimeOffset now) => contact.At <= state.AnsweredAt || contact.At <= now - Lifetime;

    private static PersonState GetCurrent(PersonState? before, Person person, DateTimeOffset now) =>
        before?.ExpiresAt > now ? before : new() { Person = person, ExpiresAt = now };

    private static PersonState WithCalls(PersonState state, IReadOnlyList<PersonCall> calls) =>
        state with { Calls = calls, OmittedCalls = calls.Any(static call => !call.IsAttempt) ? state.OmittedCalls : 0 };

    private static int IndexOf(PersonState state, CallKey call)
    {
        for (var i = 0; i < state.Calls.Count; i++)
        {
            if (state.Calls[i].Call == call)
            {
                return i;
            }
        }

        return -1;
    }

    private static PersonTransition Unchanged(PersonState? before) => new() { State = before, IsChange = false };

    private static PersonTransition Changed(PersonState state, DateTimeOffset now) => new() { State = state with { ExpiresAt = now + Lifetime }, IsChange = true };

    /// <summary>By time, and of calls of the same time by key, so that the order of arrival makes no difference.</summary>
    private static int Compare(PersonCall first, PersonCall second) =>
        first.At.CompareTo(second.At) is not 0 and var byTime ? byTime
        : first.Call.IdInstance.CompareTo(second.Call.IdInstance) is not 0 and var byInstance ? byInstance
        : string.CompareOrdinal(first.Call.IdMessage, second.Call.IdMessage);

    /// <summary>The unanswered calls of a list, and the attempts after the first of them.</summary>
    private readonly struct CallbackParts
    {
        public CallbackParts(IEnumerable<PersonCall> calls)
        {
            var all = calls.ToLookup(static call => call.IsAttempt);
            var unanswered = all[false].ToArray();
            Unanswered = unanswered;
            Attempts = unanswered.Length == 0 ? [] : [.. all[true].Where(attempt => attempt.At >= unanswered[0].At)];
        }

        public PersonCall[] Unanswered { get; }

        public PersonCall[] Attempts { get; }

        public IReadOnlyList<CallKey> Keys => [.. Unanswered.Select(static call => call.Call)];

        public IReadOnlyList<long> IdInstances => [.. Unanswered.Select(static call => call.Call.IdInstance).Distinct().Order()];

        public DateTimeOffset? LastAttemptAt => Attempts.Length == 0 ? null : Attempts[^1].At;
    }
}
