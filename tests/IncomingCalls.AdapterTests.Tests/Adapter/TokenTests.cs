using IncomingCalls.Fakes.Crm;

namespace IncomingCalls.AdapterTests.Tests.Adapter;

/// <summary>The tokens of the adapter of docs/adapters.md.</summary>
public class TokenTests
{
    [Fact]
    public async Task Calls_AccessTokenHasExpired_IsRefreshedOnceForAllOfThem()
    {
        await using var fixture = await AdapterFixture.StartAsync();
        fixture.World.Time.Advance(fixture.Portal.Options.AccessTokenLifetime);

        for (var i = 0; i < 6; i++)
        {
            await fixture.NotifyAsync("pickUp", $"A{i}");
        }

        await fixture.FinishAsync();

        fixture.Portal.Calls.Should().HaveCount(6);
        fixture.Portal.TakeSnapshot().RefreshCount.Should().Be(1);
        await fixture.ExpectNoFaultAsync();
    }

    [Fact]
    public async Task Refresh_NewTokens_AreStoredBeforeTheyAreUsed()
    {
        await using var fixture = await AdapterFixture.StartAsync();
        for (var i = 0; i < 3; i++)
        {
            fixture.World.Time.Advance(fixture.Portal.Options.AccessTokenLifetime);
            await fixture.NotifyAsync("pickUp", $"A{i}");
            await fixture.FinishAsync();
            await fixture.World.KillAsync();
        }

        fixture.Portal.Calls.Should().HaveCount(3);
        fixture.Portal.TakeSnapshot().RefreshCount.Should().Be(3);
        await fixture.ExpectNoFaultAsync();
    }

    [Fact]
    public async Task Calls_PortalHasRevokedTheTokens_WaitUntilItIsConnectedAgain()
    {
        await using var fixture = await AdapterFixture.StartAsync();
        fixture.Portal.RevokeTokens();
        for (var i = 0; i < 10; i++)
        {
            await fixture.NotifyAsync("missed", $"A{i}");
        }

        await fixture.World.AdvanceAsync(TimeSpan.FromHours(9));
        fixture.Portal.Calls.Should().BeEmpty();

        fixture.World.Table.Connect(fixture.Portal);
        await fixture.World.Process.Administration.EndPausesAsync("crm", "crm:first");
        await fixture.World.AdvanceAsync(TimeSpan.FromMinutes(1));

        fixture.Portal.Calls.Should().HaveCount(10, "an operator has ended the pause");
        fixture.Portal.Items.Should().ContainSingle();
        await fixture.FinishAsync();
        await fixture.ExpectNoFaultAsync();
    }

    [Fact]
    public async Task Refresh_AnswerIsLostAndThePortalTakesATokenOnce_WaitsForTheAdministrator()
    {
        await using var fixture = await AdapterFixture.StartAsync();
        fixture.World.Time.Advance(fixture.Portal.Options.AccessTokenLifetime);
        fixture.Portal.FailNext(CrmFault.LostAnswer, times: 1, CrmOperation.RefreshTokens);
        await fixture.NotifyAsync("pickUp");
        await fixture.World.AdvanceAsync(TimeSpan.FromMinutes(5));
        (await fixture.World.Process.Administration.ListPausesAsync()).Should().ContainSingle().Which.Reason
            .Should().Be("DestinationUnavailableException: The portal has refused the refresh token. An administrator must connect it again.");

        fixture.World.Table.Connect(fixture.Portal);
        await fixture.FinishAsync();

        fixture.Portal.Calls.Should().ContainSingle();
        fixture.Portal.Violations.Should().OnlyContain(violation => violation.Kind == ViolationKind.RefreshTokenUsedTwice, "no client can know that the token was used");
    }
}
