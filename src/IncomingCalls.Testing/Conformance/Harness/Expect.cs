namespace IncomingCalls.Testing.Conformance.Harness;

/// <summary>The assertions of the cases.</summary>
internal static class Expect
{
    public static void Equal<T>(T actual, T expected, string subject)
    {
        if (!EqualityComparer<T>.Default.Equals(actual, expected))
        {
            throw new InboxConformanceException($"{subject}: expected {expected}, but was {actual}.");
        }
    }

    public static void Entries(IEnumerable<string> actual, params string[] expected) =>
        Equal(string.Join(" | ", actual), string.Join(" | ", expected), "The entries of the handlers");

    public static void True(bool condition, string expectation)
    {
        if (!condition)
        {
            throw new InboxConformanceException($"An expectation was not met: {expectation}.");
        }
    }

    /// <summary>Fails unless an action throws an exception of a type, or of one derived from it.</summary>
    public static async Task ThrowsAsync<TException>(Func<Task> action, string subject)
        where TException : Exception
    {
        try
        {
            await action().ConfigureAwait(false);
        }
        catch (TException)
        {
            return;
        }

        throw new InboxConformanceException($"Expected {typeof(TException).Name} for {subject}.");
    }

    /// <summary>Polls a condition until it is true; fails after 30 seconds.</summary>
    public static async Task EventuallyAsync(Func<ValueTask<bool>> condition, string expectation)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        for (var polls = 0; !await condition().ConfigureAwait(false); polls++)
        {
            True(polls < 1500, $"{expectation} within 30 seconds");
            await timer.WaitForNextTickAsync().ConfigureAwait(false);
        }
    }
}
