using System.Text.Json;
using IncomingCalls.Inbox;
using IncomingCalls.Orleans.State;

namespace IncomingCalls.Orleans.Tests.State;

public class CallGrainStateTests
{
    private static readonly DateTimeOffset Now = new(2026, 7, 1, 14, 34, 45, 678, TimeSpan.Zero);

    private static readonly StoredCallEvent Missed = new()
    {
        Id = "1101000001/A/Missed",
        Call = new(1101000001, "A"),
        Kind = CallEventKind.Missed,
        Decision = CallDecision.Handle(CallLabel.MissedCall),
        OccurredAt = Now,
        ReceivedAt = Now.AddTicks(1),
    };

    private static readonly CallGrainState State = new()
    {
        Call = new()
        {
            History = new()
            {
                Key = Missed.Call,
                FirstReceivedAt = Now.AddTicks(1),
                Facts = [new() { Key = "missed", Kind = CallEventKind.Missed, From = ChatId.Parse("70000000101@c.us"), OccurredAt = Now }],
            },
            PendingEvents =
            [
                new() { Event = Missed, Deliveries = [new() { HandlerName = "chat", DueAt = Now.AddSeconds(10), WaitsFor = DeliveryWait.CallerName }] },
            ],
            OutcomeDueAt = Now.AddMinutes(15),
            TouchedAt = Now.AddTicks(2),
        },
        DeadLetters = [new() { Event = Missed, Handler = "told", Attempts = 8, Error = "Error: no", FailedAt = Now }],
        Bucket = 188,
        Generation = 3,
    };

    [Fact]
    public void Serialize_Call_IsTheJsonOfTheCore()
    {
        using var document = JsonDocument.Parse(JsonSerializer.SerializeToUtf8Bytes(State, CallGrainState.TypeInfo));

        document.RootElement.EnumerateObject().Select(member => member.Name).Should().Equal("call", "deadLetters", "bucket", "generation");
        document.RootElement.GetProperty("call").GetRawText().Should().Be(JsonSerializer.Serialize(State.Call, IncomingCallsJson.DefaultOptions));
    }

    [Fact]
    public void Deserialize_SerializedState_IsEqual()
    {
        var read = JsonSerializer.Deserialize(JsonSerializer.SerializeToUtf8Bytes(State, CallGrainState.TypeInfo), CallGrainState.TypeInfo);

        read.Should().BeEquivalentTo(State, options => options.RespectingRuntimeTypes());
    }

    [Fact]
    public void Deserialize_OnlyDeadLetters_HasNoCall()
    {
        var letters = State with { Call = null, Bucket = null };

        var read = JsonSerializer.Deserialize(JsonSerializer.SerializeToUtf8Bytes(letters, CallGrainState.TypeInfo), CallGrainState.TypeInfo)!;

        read.Call.Should().BeNull();
        read.DueAt.Should().Be(Now);
    }
}
