using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;

namespace IncomingCalls.Testing.Conformance.Harness;

/// <summary>What the cases about callbacks have in common: two instances of one account, and a client who calls both.</summary>
internal static class TestCallbacks
{
    public const long OtherInstance = 1101000002;

    public static Person Client { get; } = new() { Account = "acme", ChatId = ChatId.Parse("70000000101@c.us") };

    /// <summary>Starts a host whose first handler receives the end of callbacks only, and whose second one has the default kinds.</summary>
    public static Task StartAsync(ConformanceHost host) => host.StartAsync(static calls => calls
        .AddHandler<FirstHandler>(static options => (options.Name, options.Kinds) = (FirstHandler.Name, [CallEventKind.CallbackClosed]))
        .AddHandler<SecondHandler>(SecondHandler.Name)
        .AddChatRecorder<RecordingChatRecorder>("records")
        .AddOperatorNotifier<RecordingNotifier>("alerts")
        .AddInstances<InstancesOfOneAccount>());

    public static ICallbacks GetCallbacks(this ConformanceHost host) => host.Services.GetRequiredService<ICallbacks>();

    /// <summary>Delivers an incoming call of the client that has ended.</summary>
    public static Task<IntakeResult> DeliverCallAsync(this ConformanceHost host, string id, string status, int secondsAgo, long instance = TestNotifications.IdInstance) =>
        host.DeliverAsync(TestNotifications.CreateCall(status, id, instance, TimeSpan.FromSeconds(secondsAgo)));

    /// <summary>Delivers an outgoing call to the client.</summary>
    public static Task<IntakeResult> DeliverOutgoingCallAsync(this ConformanceHost host, string id, string status, int secondsAgo) =>
        host.DeliverAsync(TestNotifications.CreateCall(status, id, age: TimeSpan.FromSeconds(secondsAgo)) with { Direction = CallDirection.Outgoing });

    public static async Task<OpenCallback?> FindAsync(ConformanceHost host) => await host.GetCallbacks().FindAsync(Client).ConfigureAwait(false);

    /// <summary>Waits for the event of a closed callback.</summary>
    public static async Task<CallEvent> WaitForClosedAsync(ConformanceHost host)
    {
        await host.Recorder.WaitForEntriesAsync("first CallbackClosed").ConfigureAwait(false);
        return host.Recorder.Events.First(static callEvent => callEvent.Kind == CallEventKind.CallbackClosed);
    }

    /// <summary>Returns the ids of calls in their order.</summary>
    public static string Describe(IEnumerable<CallKey> calls) => string.Join(' ', calls.Select(static call => call.IdMessage));
}

/// <summary>Two instances of one account. Their host does not poll.</summary>
internal sealed class InstancesOfOneAccount : IInstanceSource
{
    private static readonly CallInstance[] Instances = [Create(TestNotifications.IdInstance), Create(TestCallbacks.OtherInstance)];

    public bool IsComplete => false;

    public ValueTask<IReadOnlyCollection<CallInstance>> GetAllAsync(CancellationToken cancellationToken) => new(Instances);

    public ValueTask<CallInstance?> FindAsync(long idInstance, CancellationToken cancellationToken) => new(Array.Find(Instances, instance => instance.IdInstance == idInstance));

    public IChangeToken Watch() => new CancellationChangeToken(CancellationToken.None);

    private static CallInstance Create(long idInstance) => new() { IdInstance = idInstance, ApiUrl = new("https://api.example.com"), ApiTokenInstance = "test", Account = "acme" };
}
