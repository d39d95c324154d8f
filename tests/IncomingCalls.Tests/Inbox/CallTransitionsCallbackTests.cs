using System.Text.Json;
using IncomingCalls.Calls;
using IncomingCalls.Inbox;
using IncomingCalls.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Tests.Inbox;

/// <summary>The contacts of calls, the event of a closed callback, and their JSON.</summary>
public class CallTransitionsCallbackTests
{
    private static readonly Person Client = new() { IdInstance = 1101000001, ChatId = ChatId.Parse("70000000101@c.us") };

    [Fact]
    public async Task Accept_EachStatus_HasTheContactOfItsOutcomeOnce()
    {
        await using var host = await StartAsync();
        var transitions = GetTransitions(host);

        var offered = transitions.Accept(null, Receive("offer"));
        var missed = transitions.Accept(offered.State, Receive("missed"));
        var duplicate = transitions.Accept(missed.State, Receive("missed"));
        var declined = transitions.Accept(missed.State, Receive("declined"));
        var unknown = transitions.Accept(declined.State, Receive("transferred"));
        var answered = transitions.Accept(unknown.State, Receive("pickUp"));
        var timedOut = transitions.ResolveOutcome(offered.State, new() { Decision = CallDecision.Handle() });

        missed.Contacts.Should().ContainSingle().Which.Should().BeEquivalentTo(new { Person = Client, Call = new CallKey(1101000001, "A"), Kind = PersonContactKind.Unanswered, WasUnanswered = false });
        answered.Contacts.Should().ContainSingle().Which.Should().BeEquivalentTo(new { Kind = PersonContactKind.Answered, WasUnanswered = true });
        new[] { offered, duplicate, declined, unknown, timedOut }.Should().OnlyContain(transition => transition.Contacts.Count == 0);
        transitions.FindPerson(answered.State).Should().Be(Client);
    }

    [Fact]
    public async Task CreateCallbackEvent_HandlerAsksForIt_IsOnceAndNamesThePersonButNoNumber()
    {
        await using var host = await StartAsync();
        var transitions = GetTransitions(host);
        var closed = CreateClosed();

        var created = transitions.CreateCallbackEvent(null, closed)!;

        var stored = created.NewEvent!.Event;
        stored.Id.Should().MatchRegex("^callback/[0-9a-f]{32}/1101000001/A$");
        stored.Call.Should().Be(CallTransitions.GetCallbackKey(closed)).And.Be(created.State.History.Key);
        created.NewEvent.Deliveries.Should().ContainSingle().Which.HandlerName.Should().Be("closings");
        created.Outcome.Should().Be(IntakeOutcome.Stored);
        (created.EndedCall, created.State.OutcomeDueAt).Should().Be((null, null));
        CallProjection.Project(created.State.History).Should().BeEquivalentTo(new { Caller = new { Client.ChatId }, Outcome = CallOutcome.None, Anomalies = CallAnomalies.None, OfferedAt = (DateTimeOffset?)null });
        transitions.CreateCallbackEvent(created.State, closed).Should().BeNull("it was stored before");
        $"{created.State.History.Key} {stored.Id}".Should().NotContain("70000000101");
    }

    [Fact]
    public async Task CreateCallbackEvent_NoHandlerAsksForIt_IsNone()
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddHandler<RecordingHandler>("all").AddChatRecorder<RecordingChatRecorder>("records").AddOperatorNotifier<RecordingNotifier>("alerts"));

        GetTransitions(host).CreateCallbackEvent(null, CreateClosed()).Should().BeNull();
    }

    [Fact]
    public async Task GetCallbackKey_AnotherPersonOrFirstCall_IsAnother()
    {
        await using var host = await StartAsync();
        var closed = CreateClosed();

        CallKey[] keys =
        [
            CallTransitions.GetCallbackKey(closed),
            CallTransitions.GetCallbackKey(CreateClosed(Client with { Account = "acme" })),
            CallTransitions.GetCallbackKey(CreateClosed(Client with { ChatId = ChatId.Parse("70000000102@c.us") })),
            CallTransitions.GetCallbackKey(CreateClosed(id: "B")),
        ];

        keys.Should().OnlyHaveUniqueItems();
        CallTransitions.GetCallbackKey(CreateClosed()).Should().Be(keys[0]);
    }

    [Fact]
    public async Task Replay_ClosingNoLongerStored_IsRestoredFromTheEvent()
    {
        await using var host = await StartAsync();
        var transitions = GetTransitions(host);
        var created = transitions.CreateCallbackEvent(null, CreateClosed())!;
        var attempt = created.State.GetLanes()[0].Next!;
        var rejected = transitions.Settle(created.State, new() { Attempt = attempt, Outcome = AttemptOutcome.Rejected, Error = "No." });
        var letter = Clone(rejected.DeadLetter!);

        var replayed = transitions.Replay(null, letter);

        replayed.State.PendingEvents.Should().ContainSingle().Which.Event.Callback!.Calls.Should().Equal(new CallKey(1101000001, "A"));
        CallProjection.Project(replayed.State.History).Should().Be(CallProjection.Project(created.State.History));
        transitions.FindPerson(replayed.State).Should().Be(Client);
    }

    [Fact]
    public async Task PersonState_Json_IsReadAsItWasWrittenWithMembersOfALaterVersion()
    {
        await using var host = await StartAsync();
        var transitions = GetTransitions(host);
        var state = transitions.ApplyContact(null, transitions.Accept(null, Receive("missed")).Contacts.Single()).State!;
        var json = JsonSerializer.Serialize(state, IncomingCallsJson.DefaultOptions);
        var later = JsonSerializer.Deserialize<PersonState>(json.Replace("{\"person\"", "{\"aliases\":[1],\"person\"", StringComparison.Ordinal), IncomingCallsJson.DefaultOptions)!;

        Clone(state).Should().BeEquivalentTo(state);
        JsonSerializer.Serialize(later with { AnsweredAt = TestHost.Now }, IncomingCallsJson.DefaultOptions).Should().Contain("\"aliases\":[1]");
    }

    [Theory]
    [InlineData(200, false)]
    [InlineData(201, true)]
    public void CloseRequest_LengthOfTheTexts_IsBounded(int length, bool isRefused)
    {
        var text = new string('x', length);
        var byThrows = FluentActions.Invoking(() => CallbackCloseRequest.Create(Client, text, TestHost.Now, " "));
        var howThrows = FluentActions.Invoking(() => CallbackCloseRequest.Create(Client, null, TestHost.Now, text));

        if (isRefused)
        {
            byThrows.Should().Throw<ArgumentException>().Which.ParamName.Should().Be("by");
            howThrows.Should().Throw<ArgumentException>().Which.ParamName.Should().Be("how");
        }
        else
        {
            byThrows.Should().NotThrow().Which.Note.Should().BeNull();
            howThrows.Should().NotThrow();
        }

        FluentActions.Invoking(() => CallbackCloseRequest.Create(Client, "half \ud83d", TestHost.Now, null)).Should().Throw<ArgumentException>();
    }

    [Fact]
    public async Task Callbacks_InboxOfTheHostStoresNone_SaySo()
    {
        var callbacks = new UnsupportedCallbacks(typeof(CallTransitionsCallbackTests));

        (await FluentActions.Awaiting(() => callbacks.ListAsync(null, 1, null, CancellationToken.None).AsTask()).Should().ThrowAsync<NotSupportedException>())
            .WithMessage("The inbox CallTransitionsCallbackTests stores no callbacks. *");
        await FluentActions.Awaiting(() => callbacks.FindAsync(Client, CancellationToken.None).AsTask()).Should().ThrowAsync<NotSupportedException>();
        await FluentActions.Awaiting(() => callbacks.CloseAsync(Client, null, TestHost.Now, null, CancellationToken.None).AsTask()).Should().ThrowAsync<NotSupportedException>();
    }

    private static Task<TestHost> StartAsync() => TestHost.StartAsync(builder => builder
        .AddHandler<RecordingHandler>("all")
        .AddHandler<RecordingHandler>(static options => (options.Name, options.Kinds, options.Directions) = ("closings", [CallEventKind.CallbackClosed], [CallDirection.Outgoing])));

    private static CallTransitions GetTransitions(TestHost host) => host.Services.GetRequiredService<CallTransitions>();

    private static ReceivedCallNotification Receive(string status) => new() { Notification = TestNotifications.CreateCall(status), Decision = CallDecision.Handle(), ReceivedAt = TestHost.Now };

    private static T Clone<T>(T value) => JsonSerializer.Deserialize<T>(JsonSerializer.Serialize(value, IncomingCallsJson.DefaultOptions), IncomingCallsJson.DefaultOptions)!;

    private static ClosedCallback CreateClosed(Person? person = null, string id = "A") => new()
    {
        Person = person ?? Client,
        FirstMissedAt = TestHost.Now,
        LastMissedAt = TestHost.Now,
        Count = 1,
        Calls = [new(1101000001, id)],
        IdInstances = [1101000001],
        How = CallbackClosing.Closed,
        ClosedAt = TestHost.Now.AddMinutes(1),
    };
}
