using System.Collections;
using System.Text;
using System.Text.Json;
using IncomingCalls.Inboxes;

namespace IncomingCalls.Orleans.Tests.Compatibility;

/// <summary>The short form in which calls are stored leaves nothing out, also nothing that a later core adds.</summary>
public class CallRecordFormTests
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

    private static readonly OwedHandler Told = new() { Name = "told", IsNotifier = true, Attempts = 2, DueAt = Now.AddSeconds(3), LastError = "Error: «no»" };

    private static readonly CallFact Fact = new()
    {
        Key = "missed",
        Kind = CallEventKind.Missed,
        From = ChatId.Parse("70000000101@c.us"),
        IsFromSelf = true,
        OccurredAt = Now,
    };

    private static readonly CallRecord Full = new()
    {
        Call = new()
        {
            History = new() { Key = Missed.Call, Facts = [Fact], HasAlert = true },
            Owed = [new() { Event = Missed, Handlers = [Told], TraceParent = "00-1-2-01", TraceState = "a=b" }],
            OutcomeDueAt = Now.AddMinutes(15),
            TouchedAt = Now.AddTicks(2),
        },
        DeadLetters = [new() { Event = Missed, Handler = "told", Attempts = 8, Error = "Error: no", FailedAt = Now }],
        Bucket = 188,
        Ticket = 3,
    };

    [Fact]
    public void Write_EverythingSet_ReadsBackAsItWas()
    {
        var read = Read(Write(Full));

        Everything(read).Should().Be(Everything(Full));
    }

    [Fact]
    public void Full_AnyModelOfTheCore_LeavesNoMemberAtItsDefault()
    {
        object[] models = [Full, Full.Call!, Full.Call!.History, Fact, Full.Call.Owed[0], Told, Missed, Missed.Notification!, Missed.Notification!.Instance, Missed.Notification.Participants[0], Missed.Decision];

        models.SelectMany(UnsetMembers).Should().BeEmpty("the test above proves nothing about a member that is not set");
    }

    [Fact]
    public void Write_NoCall_ReadsBackAsItWas()
    {
        var letters = Full with { Call = null, Bucket = null };

        Everything(Read(Write(letters))).Should().Be(Everything(letters));
    }

    [Theory]
    [InlineData("Discard")]
    [InlineData("Track")]
    [InlineData("Handle")]
    public void Write_Decision_ReadsBackAsItWas(string decision)
    {
        var decided = decision switch { "Discard" => CallDecision.Discard, "Track" => CallDecision.Track, _ => CallDecision.Handle() };
        var e = new StoredCallEvent { Id = Missed.Id, Call = Missed.Call, Kind = Missed.Kind, Decision = decided, OccurredAt = Now, ReceivedAt = Now };
        var record = Full with { Call = Full.Call! with { Owed = [new() { Event = e, Handlers = [Told] }] } };

        Everything(Read(Write(record))).Should().Be(Everything(record));
    }

    [Fact]
    public void Write_OneEventOwed_TakesFewBytes()
    {
        var usual = Full with { DeadLetters = [] };

        Write(usual).Length.Should().BeLessThan(600, "providers make text of it, and that was what a notification cost most");
    }

    private static byte[] Write(CallRecord record) => JsonSerializer.SerializeToUtf8Bytes(record, DocumentContext.Default.CallRecord);

    private static CallRecord Read(byte[] document) => JsonSerializer.Deserialize(document, DocumentContext.Default.CallRecord)!;

    /// <summary>In the core's own form, which has whatever the core's models have.</summary>
    private static string Everything(CallRecord record) => string.Join('\n', record.DeadLetters
        .Select(letter => Encoding.UTF8.GetString(CoreForm<DeadEvent>.Write(letter)))
        .Prepend(record.Call is { } call ? Encoding.UTF8.GetString(CoreForm<KeptCall>.Write(call)) : "")
        .Append($"{record.Bucket} {record.Ticket}"));

    private static IEnumerable<string> UnsetMembers(object model) =>
        from property in model.GetType().GetProperties()
        where property.GetIndexParameters().Length == 0
        let value = property.GetValue(model)
        where value is null or ICollection { Count: 0 } || value.Equals(property.PropertyType.IsValueType ? Activator.CreateInstance(property.PropertyType) : null)
        select $"{model.GetType().Name}.{property.Name}";
}
