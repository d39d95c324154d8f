using System.Collections.Concurrent;
using System.Text;
using IncomingCalls.GreenApi.Tests.Hosting;
using IncomingCalls.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Time.Testing;

namespace IncomingCalls.GreenApi.Tests.Callers;

/// <summary>A thousand simultaneous calls: one name request per caller, for which no alert waits.</summary>
public sealed class CallerBurstTests
{
    private const int Calls = 1000;
    private const int Callers = 200;

    [Fact]
    public async Task AcceptAsync_ThousandCallsOfTwoHundredCallers_AlertsImmediatelyAndOneLookupPerCaller()
    {
        var pulse = new TestSignal();
        var gatewayClock = new FakeTimeProvider();
        await using var simulator = await GreenApiSimulator.StartAsync(options =>
        {
            options.EnforceRateLimits = false;
            options.TimeProvider = gatewayClock;
        });
        var account = simulator.AddInstance();
        foreach (var number in Enumerable.Range(0, Callers))
        {
            account.Contacts[ChatIdOf(number)] = new() { ContactName = NameOf(number) };
        }

        // The first request is not answered until every alert was raised.
        simulator.DelayNext("getContactInfo", TimeSpan.FromMinutes(1));
        var desk = new RecordingOperatorDesk(pulse);
        await using var host = await TestHost.StartAsync(
            pulse,
            [account.ToCallInstance(simulator.ApiUrl, ReceiveMode.Webhook)],
            calls =>
            {
                calls.Services.AddSingleton(desk).Replace(UnpacedQueues.Descriptor);
                calls.AddOperatorNotifier<RecordingOperatorDesk>("alerts").AddChatRecorder<RecordingOperatorDesk>("records");
            },
            useFakeClock: true);
        var intake = host.Services.GetRequiredService<ICallIntake>();

        var accepting = Enumerable.Range(0, Calls).Select(i => Task.Run(async () =>
            await intake.AcceptAsync(Encoding.UTF8.GetBytes(NotificationJson.IncomingCall($"A{i}", from: ChatIdOf(i % Callers)))))).ToArray();
        await pulse.WaitUntilAsync(() => desk.Raised.Count == Calls);

        account.Requests.GetValueOrDefault("getContactInfo").Should().BeLessThanOrEqualTo(1, "the others are sent after the first is answered");
        desk.Raised.Values.Should().OnlyContain(alert => alert.Caller.Name == null);
        desk.Raised.Values.Should().OnlyContain(alert => alert.Caller.DisplayName.StartsWith("+7000000"));

        await pulse.WaitUntilAsync(() => account.Requests.GetValueOrDefault("getContactInfo") == 1);
        gatewayClock.Advance(TimeSpan.FromMinutes(1));
        await Task.WhenAll(accepting);
        await pulse.WaitUntilAsync(() => desk.Updated.Count == Calls);

        account.Requests["getContactInfo"].Should().Be(Callers);
        desk.Updated.Should().OnlyContain(shown => shown.Value == NameOf(CallNumberOf(shown.Key) % Callers));
        desk.Recorded.Should().HaveCount(Calls).And.OnlyContain(written => written.Value == NameOf(CallNumberOf(written.Key) % Callers));
    }

    /// <summary>None of the callers is the account itself, whose own calls raise no alert.</summary>
    private static string ChatIdOf(int number) => $"{70000001000 + number}@c.us";

    private static string NameOf(int number) => $"Caller {number}";

    private static int CallNumberOf(CallKey key) => int.Parse(key.IdMessage[1..], System.Globalization.CultureInfo.InvariantCulture);

    internal sealed class RecordingOperatorDesk(TestSignal pulse) : IOperatorNotifier, IChatRecorder
    {
        public ConcurrentDictionary<CallKey, OperatorAlert> Raised { get; } = new();

        public ConcurrentDictionary<CallKey, string?> Updated { get; } = new();

        public ConcurrentDictionary<CallKey, string?> Recorded { get; } = new();

        public ValueTask RaiseAsync(OperatorAlert alert, CancellationToken cancellationToken)
        {
            Raised[alert.Call.Key] = alert;
            pulse.Notify();
            return default;
        }

        public ValueTask UpdateAsync(OperatorAlert alert, CancellationToken cancellationToken)
        {
            Updated[alert.Call.Key] = alert.Caller.Name;
            pulse.Notify();
            return default;
        }

        public ValueTask RecordAsync(ChatRecord record, CancellationToken cancellationToken)
        {
            Recorded[record.Call.Key] = record.Caller.Name;
            return default;
        }
    }
}
