namespace IncomingCalls.Testing.Conformance.Harness;

/// <summary>The few assertions that the cases need.</summary>
internal static class Expect
{
    public static void Equal<T>(T actual, T expected, string what)
    {
        if (!EqualityComparer<T>.Default.Equals(actual, expected))
        {
            throw new InboxConformanceException($"{what}: expected {expected}, but was {actual}.");
        }
    }

    public static void Entries(IEnumerable<string> actual, params string[] expected) =>
        Equal(string.Join(" | ", actual), string.Join(" | ", expected), "What the handlers did");

    public static void True(bool holds, string what)
    {
        if (!holds)
        {
            throw new InboxConformanceException($"Not so: {what}.");
        }
    }

    /// <summary>Waits until something holds, looking often; fails after half a minute.</summary>
    public static async Task EventuallyAsync(Func<ValueTask<bool>> holds, string what)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        for (var looks = 0; !await holds().ConfigureAwait(false); looks++)
        {
            True(looks < 1500, $"{what} within half a minute");
            await timer.WaitForNextTickAsync().ConfigureAwait(false);
        }
    }
}
