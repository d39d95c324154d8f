using System.Collections;
using System.Text;
using System.Text.Json;
using IncomingCalls.Inbox;
using IncomingCalls.Orleans.Serialization;
using IncomingCalls.Orleans.State;

namespace IncomingCalls.Orleans.Tests.State;

/// <summary>The compact format in which calls are stored is complete, including members that a later version of the core adds.</summary>
public class CallGrainStateDtoTests
{
    private static readonly DateTimeOffset Now = new(2026, 7, 1, 14, 34, 45, 678, TimeSpan.Zero);

    private static readonly StoredCallEvent Missed = new()
    {
        Id = "1101000001/A/Missed",
        Call = new(1101000001, "A"),
        Kind = CallEventKind.Missed,
        PreviousOutcome = CallOutcome.Unknown,
        Notification = new()
        {
            IdMessage = "A",
            Instance = new() { IdInstance = 1101000001, Wid = ChatId.Parse("70000000101@c.us"), TypeInstance = "whatsapp" },
            From = ChatId.Parse("70000000101@c.us"),
            RawStatus = "Missed",
            Timestamp = Now,
            IsVideo = true,
            Duration = TimeSpan.FromSeconds(7),
            Participants = [new() { Id = ChatId.Parse("70000000102@c.us"), RawStatus = "declined" }],
        },
        Decision = CallDecision.Handle(CallLabel.MissedCall, alertOperator: true),
        ConcernsAlert = true,
        OccurredAt = Now,
        ReceivedAt = Now.AddTicks(1),
    };

    private static readonly Delivery MissedDelivery = new() { HandlerName = "told", IsNotifier = true, Attempts = 2, DueAt = Now.AddSeconds(3), LastError = "Error: «no»" };

    private static readonly CallFact Fact = new()
    {
        Key = "missed",
        Kind = CallEventKind.Missed,
        From = ChatId.Parse("70000000101@c.us"),
        IsFromSelf = true,
        OccurredAt = Now,
    };

    private static readonly CallGrainState FullState = new()
    {
        Call = new()
        {
            History = new() { Key = Missed.Call, Facts = [Fact], HasAlert = true },
            PendingEvents = [new() { Event = Missed, Deliveries = [MissedDelivery], TraceParent = "00-1-2-01", TraceState = "a=b" }],
            OutcomeDueAt = Now.AddMinutes(15),
            TouchedAt = Now.AddTicks(2),
        },
        DeadLetters = [new() { Event = Missed, Handler = "told", Attempts = 8, Error = "Error: no", FailedAt = Now }],
        Bucket = 188,
        Generation = 3,
    };

    [Fact]
    public void Serialize_EveryMemberSet_RoundTrips()
    {
        var read = Deserialize(Serialize(FullState));

        ToComparableText(read).Should().Be(ToComparableText(FullState));
    }

    [Fact]
    public void FullState_EveryCoreModel_HasNoMemberAtItsDefault()
    {
        object[] models = [FullState, FullState.Call!, FullState.Call!.History, Fact, FullState.Call.PendingEvents[0], MissedDelivery, Missed, Missed.Notification!, Missed.Notification!.Instance, Missed.Notification.Participants[0], Missed.Decision];

        models.SelectMany(UnsetMembers).Should().BeEmpty("the test above proves nothing about a member that is not set");
    }

    [Fact]
    public void Serialize_OnlyDeadLetters_RoundTrips()
    {
        var letters = FullState with { Call = null, Bucket = null };

        ToComparableText(Deserialize(Serialize(letters))).Should().Be(ToComparableText(letters));
    }

    [Theory]
    [InlineData("Discard")]
    [InlineData("Track")]
    [InlineData("Handle")]
    public void Serialize_Decision_RoundTrips(string decision)
    {
        var decided = decision switch { "Discard" => CallDecision.Discard, "Track" => CallDecision.Track, _ => CallDecision.Handle() };
        var e = new StoredCallEvent { Id = Missed.Id, Call = Missed.Call, Kind = Missed.Kind, Decision = decided, OccurredAt = Now, ReceivedAt = Now };
        var record = FullState with { Call = FullState.Call! with { PendingEvents = [new() { Event = e, Deliveries = [MissedDelivery] }] } };

        ToComparableText(Deserialize(Serialize(record))).Should().Be(ToComparableText(record));
    }

    [Fact]
    public void Serialize_OnePendingEvent_IsSmall()
    {
        var usual = FullState with { DeadLetters = [] };

        Serialize(usual).Length.Should().BeLessThan(600, "storage providers encode the document as text, which was the largest cost of a notification");
    }

    private static byte[] Serialize(CallGrainState record) => JsonSerializer.SerializeToUtf8Bytes(record, StoredStateJsonContext.Default.CallGrainState);

    private static CallGrainState Deserialize(byte[] document) => JsonSerializer.Deserialize(document, StoredStateJsonContext.Default.CallGrainState)!;

    /// <summary>Serializes in the format of the core, which contains all members of its models.</summary>
    private static string ToComparableText(CallGrainState record) => string.Join('\n', record.DeadLetters
        .Select(letter => Encoding.UTF8.GetString(CoreJsonSerializer<DeadLetterEntry>.Serialize(letter)))
        .Prepend(record.Call is { } call ? Encoding.UTF8.GetString(CoreJsonSerializer<CallState>.Serialize(call)) : "")
        .Append($"{record.Bucket} {record.Generation}"));

    private static IEnumerable<string> UnsetMembers(object model) =>
        from property in model.GetType().GetProperties()
        where property.GetIndexParameters().Length == 0
        let value = property.GetValue(model)
        where value is null or ICollection { Count: 0 } || value.Equals(property.PropertyType.IsValueType ? Activator.CreateInstance(property.PropertyType) : null)
        select $"{model.GetType().Name}.{property.Name}";
}
