namespace IncomingCalls.CrashTests;

/// <summary>Checks one call and one handler: what ran, how often, in which order, and how it ended.</summary>
internal sealed class CallChecker(CallKey call, string handler, ExpectedCall expected, IReadOnlyList<Effect> effects, IRepeatedAttemptRule repeats)
{
    public IEnumerable<Finding> Check() => [.. FindLost(), .. FindUnexpected(), .. FindRepeated(), .. CheckAttemptNumbers(), .. FindOutOfOrder(), .. CheckOutcome()];

    private IEnumerable<Finding> FindLost() =>
        from due in expected.Events
        where !due.IsOptional && !effects.Any(effect => due.Matches(effect) && effect.Result != EffectResult.Failed)
        select new Finding(FindingKind.Lost, $"{handler} never handled {due.Kind} of {call}");

    private IEnumerable<Finding> FindUnexpected()
    {
        foreach (var effect in effects.Where(effect => !expected.Events.Any(due => due.Matches(effect))))
        {
            yield return new(FindingKind.UnexpectedEvent, $"{handler} handled {effect.EventId}, which the notifications of {call} do not explain");
        }

        foreach (var twins in effects.GroupBy(effect => (effect.Kind, effect.Status)).Where(group => group.DistinctBy(effect => effect.EventId).Count() > 1))
        {
            yield return new(FindingKind.UnexpectedEvent, $"{handler} handled one event of {call} under several ids: {string.Join(", ", twins.Select(twin => twin.EventId).Distinct())}");
        }
    }

    private IEnumerable<Finding> FindRepeated() =>
        from attempts in effects.GroupBy(effect => (effect.EventId, effect.Attempt))
        from pair in attempts.Zip(attempts.Skip(1))
        where !repeats.IsRepeatAllowed(pair.First, pair.Second)
        select new Finding(
            FindingKind.RepeatedAttempt,
            $"{handler} ran again with attempt {pair.Second.Attempt} of {pair.Second.EventId} in {repeats.Describe(pair.Second)}, after {repeats.Describe(pair.First)}");

    private IEnumerable<Finding> CheckAttemptNumbers()
    {
        foreach (var attempts in effects.GroupBy(effect => effect.EventId))
        {
            var next = 1;
            foreach (var effect in attempts)
            {
                // The one that is due, or once more the one that a kill interrupted; the latter is checked elsewhere.
                if (effect.Attempt != next && effect.Attempt != next - 1)
                {
                    yield return new(FindingKind.WrongAttemptNumber, $"{handler} was told attempt {effect.Attempt} of {effect.EventId}; it was {next}");
                }

                if (effect.Result != HandlerNames.ExpectedResultOf(handler, effect.EventId, effect.Attempt))
                {
                    yield return new(FindingKind.WrongAttemptNumber, $"{handler} ended attempt {effect.Attempt} of {effect.EventId} as {effect.Result}");
                }

                next = effect.Attempt + 1;
            }

            if (attempts.Last().Result == EffectResult.Failed)
            {
                yield return new(FindingKind.Lost, $"{handler} failed on {attempts.Key} and never tried again");
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
        // Whether the wait for an outcome ends before or after an unknown text is a matter of time.
        && !(IsOutcomeUnknown(one) && other.Kind == CallEventKind.Unrecognized)
        && !(IsOutcomeUnknown(other) && one.Kind == CallEventKind.Unrecognized);

    private static bool IsOutcomeUnknown(Effect effect) => effect.Kind == CallEventKind.OutcomeUnknown;

    private int? PositionOf(Effect effect) => expected.Events.FirstOrDefault(due => due.Matches(effect))?.Position;

    private IEnumerable<Finding> CheckOutcome()
    {
        // An outcome is an event, so the handler that has seen every event has seen the last outcome.
        var seen = effects.Select(effect => effect.Outcome).DefaultIfEmpty().Max();
        if (seen != expected.Outcome && effects.Count > 0)
        {
            yield return new(FindingKind.WrongOutcome, $"{handler} saw {call} end as {seen}; it was {expected.Outcome}");
        }
    }
}
