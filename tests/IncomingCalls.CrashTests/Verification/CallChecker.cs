namespace IncomingCalls.CrashTests;

/// <summary>Checks the attempts of one handler for one call: which events it handled, how often, in which order, and with which outcome.</summary>
internal sealed class CallChecker(CallKey call, string handler, ExpectedCall expected, IReadOnlyList<Effect> effects, IRepeatedAttemptRule repeats)
{
    private readonly IReadOnlyList<ExpectedEvent> _events = expected.EventsFor(handler);

    public IEnumerable<Finding> Check() => [.. FindLost(), .. FindUnexpected(), .. FindRepeated(), .. CheckAttemptNumbers(), .. FindOutOfOrder(), .. CheckOutcome()];

    private IEnumerable<Finding> FindLost() =>
        from due in _events
        where !due.IsOptional && !effects.Any(effect => due.Matches(effect) && !effect.IsRetried)
        select new Finding(FindingKind.Lost, $"{handler} never handled {due.Kind} of {call}");

    private IEnumerable<Finding> FindUnexpected()
    {
        foreach (var effect in effects.Where(effect => !_events.Any(due => due.Matches(effect))))
        {
            yield return new(FindingKind.UnexpectedEvent, $"{handler} handled {effect.EventId}, which no notification of {call} explains");
        }

        foreach (var twins in effects.GroupBy(effect => (effect.Kind, effect.Status)).Where(group => group.DistinctBy(effect => effect.EventId).Count() > 1))
        {
            yield return new(FindingKind.UnexpectedEvent, $"{handler} handled one event of {call} under several ids: {string.Join(", ", twins.Select(twin => twin.EventId).Distinct())}");
        }
    }

    private IEnumerable<Finding> FindRepeated() =>
        from attempts in effects.GroupBy(effect => effect.EventId)
        from pair in attempts.Zip(attempts.Skip(1))
        where !(pair.First.IsRetried && pair.Second.Attempt > pair.First.Attempt) && !repeats.IsRepeatAllowed(pair.First, pair.Second)
        select new Finding(
            FindingKind.RepeatedAttempt,
            $"{handler} repeated attempt {pair.Second.Attempt} of {pair.Second.EventId} in {repeats.Describe(pair.Second)}, after {repeats.Describe(pair.First)}");

    private IEnumerable<Finding> CheckAttemptNumbers()
    {
        foreach (var attempts in effects.GroupBy(effect => effect.EventId))
        {
            var next = 1;
            Effect? previous = null;
            foreach (var effect in attempts)
            {
                // The next attempt, or a repetition of the one that a kill interrupted; FindRepeated checks the latter.
                if (effect.Attempt != next && effect.Attempt != next - 1 && !(effect.Attempt > next && repeats.IsGapAllowed(previous, effect, effect.Attempt - next)))
                {
                    yield return new(FindingKind.WrongAttemptNumber, $"{handler} received attempt number {effect.Attempt} for {effect.EventId}; expected {next}");
                }

                if (effect.Result != EffectResult.Interrupted && effect.Result != HandlerNames.ExpectedResultOf(handler, effect.EventId, effect.Attempt))
                {
                    yield return new(FindingKind.WrongAttemptNumber, $"attempt {effect.Attempt} of {handler} for {effect.EventId} ended unexpectedly as {effect.Result}");
                }

                next = effect.Attempt + 1;
                previous = effect;
            }

            if (attempts.Last().IsRetried)
            {
                yield return new(FindingKind.Lost, $"{handler} failed on {attempts.Key} and was never retried");
            }
        }
    }

    private IEnumerable<Finding> FindOutOfOrder()
    {
        for (var i = 1; i < effects.Count; i++)
        {
            if (effects[i].Version < effects[i - 1].Version)
            {
                yield return new(FindingKind.OutOfOrder, $"{handler} saw {call} in version {effects[i].Version} after {effects[i - 1].Version}");
            }

            if (effects.Take(i).FirstOrDefault(earlier => IsBefore(effects[i], earlier)) is { } later)
            {
                yield return new(FindingKind.OutOfOrder, $"{handler} handled {effects[i].EventId} after {later.EventId}");
            }
        }
    }

    private bool IsBefore(Effect one, Effect other) =>
        PositionOf(one) < PositionOf(other)
        // Whether the outcome timeout passes before or after an unrecognized status depends on timing.
        && !(IsOutcomeUnknown(one) && other.Kind == CallEventKind.Unrecognized)
        && !(IsOutcomeUnknown(other) && one.Kind == CallEventKind.Unrecognized);

    private static bool IsOutcomeUnknown(Effect effect) => effect.Kind == CallEventKind.OutcomeUnknown;

    private int? PositionOf(Effect effect) => _events.FirstOrDefault(due => due.Matches(effect))?.Position;

    private IEnumerable<Finding> CheckOutcome()
    {
        // Every outcome is an event, so a handler that received every event received the last outcome. A missing one has no chat record.
        var seen = effects.Select(effect => effect.Outcome).DefaultIfEmpty().Max();
        if (seen != expected.Outcome && effects.Count > 0 && (expected.Outcome != CallOutcome.Unknown || HandlerNames.Receives(handler, CallEventKind.OutcomeUnknown)))
        {
            yield return new(FindingKind.WrongOutcome, $"{handler} saw {call} with the outcome {seen}; expected {expected.Outcome}");
        }
    }
}
