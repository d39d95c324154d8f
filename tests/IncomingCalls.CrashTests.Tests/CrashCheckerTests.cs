using IncomingCalls.CrashTests.Checking;

namespace IncomingCalls.CrashTests.Tests;

/// <summary>The checker finds what it is there to find.</summary>
public class CrashCheckerTests
{
    [Fact]
    public void Check_EverythingHandledOnce_IsWell() =>
        CrashChecker.Check(History(["offer", "pickUp"], [Effect(CallEventKind.Offered), Effect(CallEventKind.Answered)])).Should().BeEmpty();

    [Fact]
    public void Check_NotAcknowledged_IsFound() =>
        CrashChecker.Check(History(["offer"], [Effect(CallEventKind.Offered)], isAcknowledged: false)).Should().ContainSingle().Which.Should().Contain("never acknowledged");

    [Fact]
    public void Check_AcknowledgedAndNotHandled_IsFound() =>
        CrashChecker.Check(History(["offer", "pickUp"], [Effect(CallEventKind.Offered)])).Should().ContainSingle().Which.Should().Contain("expected Offered, Answered, but handled Offered");

    [Fact]
    public void Check_HandledInTheWrongOrder_IsFound() =>
        CrashChecker.Check(History(["offer", "pickUp"], [Effect(CallEventKind.Answered), Effect(CallEventKind.Offered)])).Should().ContainSingle();

    [Fact]
    public void Check_CallGoesBack_IsFound() =>
        CrashChecker.Check(History(["offer", "pickUp"], [Effect(CallEventKind.Offered) with { Version = 200 }, Effect(CallEventKind.Answered) with { Version = 100 }]))
            .Should().ContainSingle().Which.Should().Contain("went back");

    [Fact]
    public void Check_RanTwiceInOneLife_IsFound() =>
        CrashChecker.Check(History(["offer"], [Effect(CallEventKind.Offered), Effect(CallEventKind.Offered)])).Should().ContainSingle().Which.Should().Contain("no kill excuses it");

    [Fact]
    public void Check_RanAgainAfterAKillBetweenEffectAndMark_IsWell() =>
        CrashChecker.Check(History(["offer"], [Effect(CallEventKind.Offered), Effect(CallEventKind.Offered) with { Life = 2 }])).Should().BeEmpty();

    [Fact]
    public void Check_RanAgainLongAfterItWasMarked_IsFound() =>
        CrashChecker.Check(History(["offer"], [Effect(CallEventKind.Offered) with { At = -10_000 }, Effect(CallEventKind.Offered) with { Life = 2 }]))
            .Should().ContainSingle().Which.Should().Contain("no kill excuses it");

    [Fact]
    public void Check_NeverSent_IsFound() =>
        CrashChecker.Check(History(["offer"], [Effect(CallEventKind.Offered), Effect(CallEventKind.Offered) with { Call = "other", EventId = "other" }])).Should().ContainSingle();

    [Theory]
    [InlineData("offer,offer,declined", "Offered,Missed")]
    [InlineData("declined,missed,offer", "Missed")]
    [InlineData("declined,pickUp,hungUp", "Missed,Answered")]
    [InlineData("transferred,offer,pickUp", "Unrecognized,Offered,Answered")]
    [InlineData("offer,transferred,transferred", "Offered,Unrecognized")]
    public void Check_EachOrder_ExpectsWhatTheDocumentationSays(string statuses, string kinds) =>
        CrashChecker.Check(History(statuses.Split(','), [.. kinds.Split(',').Select(kind => Effect(Enum.Parse<CallEventKind>(kind)))])).Should().BeEmpty();

    private static CrashHistory History(string[] statuses, Effect[] effects, bool isAcknowledged = true) => new()
    {
        Sent = [.. statuses.Select(status => new SentNotification { Call = "1/A", Status = status, IsAcknowledged = isAcknowledged })],
        Effects = effects,
        KilledAt = new Dictionary<int, long> { [1] = 100 },
        Handlers = ["first"],
    };

    private static Effect Effect(CallEventKind kind) => new()
    {
        Life = 1,
        At = 50,
        Handler = "first",
        EventId = $"{kind}",
        Kind = kind,
        Call = "1/A",
        Outcome = CallOutcome.None,
        Version = 1,
    };
}
