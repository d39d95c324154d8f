using IncomingCalls.Testing.Tests.Hosting;

namespace IncomingCalls.Testing.Tests.Instances;

public sealed class CallQuirksTests : IAsyncLifetime
{
    private const string Caller = "70000000101@c.us";
    private const string Account = "70000000001@c.us";

    private GatewayFixture _gateway = null!;

    private SimulatedInstance Instance => _gateway.Instance;

    public async Task InitializeAsync() => _gateway = await GatewayFixture.StartAsync();

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Theory]
    [InlineData(CallQuirks.None, "offer hungUp")]
    [InlineData(CallQuirks.Classic, "-")]
    [InlineData(CallQuirks.HangUp, "offer hangUp")]
    [InlineData(CallQuirks.Duplicates, "offer offer hungUp hungUp")]
    [InlineData(CallQuirks.Reordered, "hungUp offer")]
    [InlineData(CallQuirks.LostOutcome, "offer")]
    [InlineData(CallQuirks.Reordered | CallQuirks.Duplicates | CallQuirks.HangUp, "hangUp hangUp offer offer")]
    [InlineData(CallQuirks.Classic | CallQuirks.Duplicates, "- -")]
    [InlineData(CallQuirks.Reordered | CallQuirks.LostOutcome, "")]
    public void DroppedCall_WithQuirks_SendsQuirkyNotifications(CallQuirks quirks, string statuses)
    {
        Instance.PlaceCall(Caller, call => call.Quirks = quirks).Ring().Drop();

        string.Join(' ', Sent().Select(call => call.RawStatus ?? "-")).Should().Be(statuses);
        Sent().Select(call => call.From!.Value.Value).Distinct().Should().BeSubsetOf([Caller]);
        Sent().Select(call => call.IdMessage).Distinct().Count().Should().BeLessThan(2);
    }

    [Fact]
    public void Outcome_WithWrongFrom_NamesTheAccount()
    {
        Instance.PlaceCall(Caller, call => call.Quirks = CallQuirks.WrongFrom).Ring().Decline();

        Sent().Select(call => call.From!.Value.Value).Should().Equal(Caller, Account);
    }

    [Theory]
    [InlineData(CallQuirks.OwnCall)]
    [InlineData(CallQuirks.OwnNumber)]
    public void OwnCallAndOwnNumber_EveryNotification_IsFromTheAccount(CallQuirks quirk)
    {
        Instance.PlaceCall(Caller, call => call.Quirks = quirk).Ring().Decline();

        Sent().Should().HaveCount(2).And.OnlyContain(call => call.IsFromSelf);
    }

    [Fact]
    public void Lid_Caller_IsTheSameAsWithTheSetting()
    {
        Instance.PlaceCall(Caller, call => call.Quirks = CallQuirks.Lid).Ring();
        Instance.Settings.EnableLidMode = true;
        Instance.PlaceCall(Caller).Ring();

        Sent().Select(call => call.From!.Value.Value).Should().Equal(Instance.LidOf(Caller), Instance.LidOf(Caller));
    }

    [Fact]
    public void CallQuirks_OfInstanceAndCall_Combine()
    {
        Instance.CallQuirks = CallQuirks.HangUp;

        Instance.PlaceCall(Caller, call => call.Quirks = CallQuirks.Duplicates).Drop();
        Instance.PlaceCall(Caller).Drop();

        Sent().Select(call => call.RawStatus).Should().Equal("hangUp", "hangUp", "hangUp");
    }

    [Fact]
    public void Repeat_OfHeldOffer_IsHeldToo()
    {
        Instance.PlaceCall(Caller, call => call.Quirks = CallQuirks.Reordered).Ring().Repeat().Answer();

        Sent().Select(call => call.RawStatus).Should().Equal("pickUp", "offer", "offer");
    }

    [Fact]
    public void Repeat_OfSuppressedOutcome_SendsNothing()
    {
        Instance.PlaceCall(Caller, call => call.Quirks = CallQuirks.LostOutcome).Answer().Repeat();

        Sent().Should().BeEmpty();
    }

    [Fact]
    public async Task LifelikeCalls_WithQuirks_UseThem()
    {
        using var stop = new CancellationTokenSource();
        var calls = LifelikeCalls.RunAsync([Instance], _gateway.Clock, options => options.Quirks = CallQuirks.Classic, stop.Token);
        await _gateway.Clock.AdvanceUntilAsync(() => Instance.History.Count >= 20);

        await stop.CancelAsync();
        await calls;
        // Some calls contain a duplicate of their last notification; none has a status.
        Sent().Should().HaveCountGreaterThanOrEqualTo(20).And.OnlyContain(call => call.RawStatus == null);
    }

    private IReadOnlyList<IncomingCallNotification> Sent() =>
        [.. Instance.History.Select(notification => NotificationReader.Read(notification.Body.Span).Call!)];
}
