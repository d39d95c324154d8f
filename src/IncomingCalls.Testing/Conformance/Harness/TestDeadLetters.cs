using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;

namespace IncomingCalls.Testing.Conformance.Harness;

/// <summary>Creates dead letters that differ in every property that an operator can filter by.</summary>
internal static class TestDeadLetters
{
    public const long OtherInstance = 1101000002;

    /// <summary>
    /// Starts a host whose two handlers reject the events of two calls: A, missed, of an instance of the account acme, and B, answered, of one of
    /// globex.
    /// </summary>
    /// <returns>A task whose result is a time after the failures of A and before those of B.</returns>
    public static async Task<DateTimeOffset> CreateAsync(ConformanceHost host)
    {
        await host.StartAsync(static calls => calls
            .AddHandler<FirstHandler>(FirstHandler.Name).AddHandler<SecondHandler>(SecondHandler.Name).AddInstances<TestInstances>()).ConfigureAwait(false);
        host.Recorder.HandlerBehavior = static (_, callEvent, _) =>
            throw new CallEventRejectedException(callEvent.Call.Key.IdMessage == "A" ? "There is no such customer, 100%_ sure." : "ПОРТАЛ закрыт.");
        await host.DeliverAsync(TestNotifications.CreateCall("declined")).ConfigureAwait(false);
        var letters = await WaitForAsync(host, 2).ConfigureAwait(false);
        var between = letters.Max(static letter => letter.FailedAt).AddTicks(1);
        await WaitUntilLaterAsync(between).ConfigureAwait(false);
        await host.DeliverAsync(TestNotifications.CreateCall("pickUp", "B", OtherInstance)).ConfigureAwait(false);
        await WaitForAsync(host, 4).ConfigureAwait(false);
        return between;
    }

    /// <summary>Returns the handlers and calls of dead letters, in alphabetical order: the handlers of an event run in parallel.</summary>
    public static string Describe(IEnumerable<DeadLetter> letters) =>
        string.Join(" | ", letters.Select(static letter => $"{letter.Handler} {letter.Call.IdMessage}").Order(StringComparer.Ordinal));

    /// <summary>Waits until the clock shows a later millisecond than that of a time: an inbox may store times with milliseconds.</summary>
    public static Task WaitUntilLaterAsync(DateTimeOffset time) => Expect.EventuallyAsync(
        () => ValueTask.FromResult(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() > time.ToUnixTimeMilliseconds()), "the clock shows a later time");

    private static async Task<IReadOnlyList<DeadLetter>> WaitForAsync(ConformanceHost host, int count)
    {
        IReadOnlyList<DeadLetter> letters = [];
        await Expect.EventuallyAsync(
            async () => (letters = await host.Administration.ListDeadLettersAsync().ConfigureAwait(false)).Count == count, $"{count} dead letters").ConfigureAwait(false);
        return letters;
    }
}

/// <summary>Two instances of different accounts. Their host does not poll.</summary>
internal sealed class TestInstances : IInstanceSource
{
    private static readonly CallInstance[] Instances = [Create(TestNotifications.IdInstance, "acme"), Create(TestDeadLetters.OtherInstance, "globex")];

    public bool IsComplete => false;

    public ValueTask<IReadOnlyCollection<CallInstance>> GetAllAsync(CancellationToken cancellationToken) => new(Instances);

    public ValueTask<CallInstance?> FindAsync(long idInstance, CancellationToken cancellationToken) => new(Array.Find(Instances, instance => instance.IdInstance == idInstance));

    public IChangeToken Watch() => new CancellationChangeToken(CancellationToken.None);

    private static CallInstance Create(long idInstance, string account) =>
        new() { IdInstance = idInstance, ApiUrl = new("https://api.example.com"), ApiTokenInstance = "test", Account = account };
}
