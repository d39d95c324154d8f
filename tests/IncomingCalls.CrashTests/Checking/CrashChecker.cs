namespace IncomingCalls.CrashTests.Checking;

/// <summary>Compares what the gateway sent with what the handlers did.</summary>
public static class CrashChecker
{
    /// <summary>How long before a kill an effect may have happened whose mark the kill prevented. A mark takes milliseconds.</summary>
    private const long MarkMilliseconds = 2_000;

    /// <summary>What was broken, in sentences; empty when every promise was kept.</summary>
    public static IReadOnlyList<string> Check(CrashHistory history)
    {
        List<string> violations = [.. history.Sent.Where(sent => !sent.IsAcknowledged).Select(sent => $"{sent.Call} {sent.Status} was never acknowledged.")];
        var effects = history.Effects.ToLookup(effect => (effect.Handler, effect.Call));
        foreach (var call in history.Sent.GroupBy(sent => sent.Call))
        {
            var expected = ExpectedEvents.Of(call.Select(sent => sent.Status));
            foreach (var handler in history.Handlers)
            {
                violations.AddRange(CheckCall($"{handler}, {call.Key}", expected, [.. effects[(handler, call.Key)]], history.KilledAt));
            }
        }

        var known = history.Sent.Select(sent => sent.Call).ToHashSet();
        violations.AddRange(history.Effects.Where(effect => !known.Contains(effect.Call)).Select(effect => $"{effect.Call} was never sent, but handled."));
        return violations;
    }

    /// <summary>How often a handler ran again because a kill fell between its effect and its mark.</summary>
    public static int Repeats(CrashHistory history) =>
        history.Effects.Count - history.Effects.DistinctBy(effect => (effect.Handler, effect.EventId)).Count();

    private static IEnumerable<string> CheckCall(string what, List<CallEventKind> expected, Effect[] effects, IReadOnlyDictionary<int, long> killedAt)
    {
        var first = effects.DistinctBy(effect => effect.EventId).Select(effect => effect.Kind).ToList();
        if (!first.SequenceEqual(expected))
        {
            yield return $"{what}: expected {string.Join(", ", expected)}, but handled {string.Join(", ", first)}.";
        }

        for (var i = 1; i < effects.Length; i++)
        {
            if (effects[i].Version < effects[i - 1].Version)
            {
                yield return $"{what}: went back from version {effects[i - 1].Version} to {effects[i].Version}.";
            }
        }

        foreach (var runs in effects.GroupBy(effect => effect.EventId))
        {
            foreach (var (earlier, later) in runs.Zip(runs.Skip(1)))
            {
                if (!killedAt.TryGetValue(earlier.Life, out var killed) || later.Life == earlier.Life || killed - earlier.At > MarkMilliseconds)
                {
                    yield return $"{what}: {runs.Key} ran again in life {later.Life} after it had run in life {earlier.Life}, and no kill excuses it.";
                }
            }
        }
    }
}
