namespace IncomingCalls.CrashTests.Checking;

/// <summary>
/// The events that a call must have brought, by the rules of the documentation and not by the product's code: repeats bring none,
/// a first offer brings one, an outcome brings one where it outranks what was known.
/// </summary>
internal static class ExpectedEvents
{
    public static List<CallEventKind> Of(IEnumerable<string> statuses)
    {
        List<CallEventKind> events = [];
        HashSet<string> seen = [];
        var rank = 0;
        foreach (var status in statuses.Where(seen.Add))
        {
            var (kind, height) = status switch
            {
                "offer" => (CallEventKind.Offered, 0),
                "declined" or "missed" => (CallEventKind.Missed, 1),
                "hungUp" => (CallEventKind.Dropped, 2),
                "pickUp" => (CallEventKind.Answered, 3),
                _ => (CallEventKind.Unrecognized, 0),
            };
            if (kind == CallEventKind.Unrecognized || (kind == CallEventKind.Offered && seen.All(other => other is "offer" || IsUnknown(other))) || height > rank)
            {
                events.Add(kind);
            }

            rank = Math.Max(rank, height);
        }

        return events;
    }

    private static bool IsUnknown(string status) => status is not ("offer" or "declined" or "missed" or "hungUp" or "pickUp");
}
