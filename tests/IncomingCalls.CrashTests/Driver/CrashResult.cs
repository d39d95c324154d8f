namespace IncomingCalls.CrashTests.Driver;

public sealed class CrashResult
{
    public required CrashPlan Plan { get; init; }

    public required int Notifications { get; init; }

    public required int Calls { get; init; }

    public required int Effects { get; init; }

    /// <summary>How often a handler ran again because a kill fell between its effect and its mark.</summary>
    public required int Repeats { get; init; }

    /// <summary>How many hosts died where.</summary>
    public required IReadOnlyDictionary<string, int> Deaths { get; init; }

    public required IReadOnlyList<string> Violations { get; init; }

    public required TimeSpan Duration { get; init; }

    public override string ToString() => string.Join(
        Environment.NewLine,
        [
            .. Violations.Take(20),
            $"died at {string.Join(", ", Deaths.OrderByDescending(place => place.Value).Select(place => $"{place.Key} {place.Value}"))}",
            $"{Plan.Kills} kills, seed {Plan.Seed}: {Notifications} notifications of {Calls} calls, {Effects} effects, {Repeats} repeated by a kill between effect and mark, {Violations.Count} violations, {Duration.TotalSeconds:F0} s",
        ]);
}
