using IncomingCalls.Inbox;
using IncomingCalls.Inbox.Dispatch;
using IncomingCalls.Tests.Hosting;

namespace IncomingCalls.Tests.Inbox.Dispatch;

public class CallerNameWaitsTests
{
    private readonly CallerNameWaits _waits = new();

    [Fact]
    public void Take_ACaller_RemovesAndReturnsItsCallsOfTheInstance()
    {
        _waits.TryAdd(Call("A", "70000000101@c.us")).Should().BeTrue();
        _waits.TryAdd(Call("A", "70000000101@c.us")).Should().BeTrue("it was added before");
        _waits.TryAdd(Call("B", "70000000101@c.us")).Should().BeTrue();
        _waits.TryAdd(Call("C", "70000000102@c.us")).Should().BeTrue();
        _waits.TryAdd(Call("D", "70000000101@c.us", idInstance: 7)).Should().BeTrue();

        _waits.Take(1101000001, ChatId.Parse("70000000101@c.us")).Select(key => key.IdMessage).Should().BeEquivalentTo("A", "B");
        _waits.Take(1101000001, ChatId.Parse("70000000101@c.us")).Should().BeEmpty();
        _waits.Take(7, ChatId.Parse("70000000101@c.us")).Select(key => key.IdMessage).Should().Equal("D");
    }

    [Fact]
    public void TryAdd_CallWithoutCaller_IsNotAdded() => _waits.TryAdd(Call("A", null)).Should().BeFalse();

    [Fact]
    public void TryAdd_TenThousandCalls_AddsNoMoreUntilSomeAreTaken()
    {
        for (var call = 0; call < 10_000; call++)
        {
            _waits.TryAdd(Call($"{call}", EngineHost.GetCaller(call / 2))).Should().BeTrue();
        }

        _waits.TryAdd(Call("one more", "70000000101@c.us")).Should().BeFalse();
        _waits.Take(1101000001, ChatId.Parse(EngineHost.GetCaller(1))).Should().HaveCount(2);
        _waits.TryAdd(Call("one more", "70000000101@c.us")).Should().BeTrue();
    }

    private static CallHistory Call(string id, string? from, long idInstance = 1101000001) => new()
    {
        Key = new(idInstance, id),
        FirstReceivedAt = TestHost.Now,
        Facts = [CallFact.FromNotification(TestNotifications.CreateCall("offer", id, from), TestHost.Now)],
    };
}
