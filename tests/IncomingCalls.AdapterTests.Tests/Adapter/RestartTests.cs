using IncomingCalls.AdapterTests.Hosting;
using IncomingCalls.Fakes.Crm;

namespace IncomingCalls.AdapterTests.Tests.Adapter;

/// <summary>The adapter of docs/adapters.md when its process is killed.</summary>
public class RestartTests
{
    /// <summary>A missed call makes four requests: register, finish, look for an open item, open one.</summary>
    public static TheoryData<string, int> Places { get; } = new()
    {
        { nameof(KillPlace.BeforeRequest), 1 },
        { nameof(KillPlace.AfterRequest), 1 },
        { nameof(KillPlace.BeforeRequest), 2 },
        { nameof(KillPlace.AfterRequest), 2 },
        { nameof(KillPlace.BeforeRequest), 3 },
        { nameof(KillPlace.AfterRequest), 3 },
        { nameof(KillPlace.BeforeRequest), 4 },
        { nameof(KillPlace.AfterRequest), 4 },
        { nameof(KillPlace.BeforeSettle), 1 },
    };

    [Theory]
    [MemberData(nameof(Places))]
    public async Task Missed_ProcessIsKilled_NextProcessCompletesTheCall(string place, int number)
    {
        await using var fixture = await AdapterFixture.StartAsync();
        await fixture.CallAsync("missed");
        fixture.World.Process.Life.Plan(new(Enum.Parse<KillPlace>(place), number));

        await fixture.FinishAsync();

        fixture.World.Kills.Select(kill => $"{kill.Place}").Should().Equal(place);
        await fixture.ExpectAsync("Missed call", hasOpenItem: true);
    }

    [Fact]
    public async Task Missed_RegisteredBeforeALongOutage_IsFoundInPlaceOfAnotherRegistration()
    {
        await using var fixture = await AdapterFixture.StartAsync();
        fixture.Portal.FailNext(CrmFault.LostAnswer, times: 1, CrmOperation.RegisterCall);
        await fixture.CallAsync("missed");
        await fixture.World.AdvanceAsync(TimeSpan.FromSeconds(21));
        fixture.Portal.Calls.Should().ContainSingle().Which.Finishes.Should().BeEmpty("the answer was lost");
        fixture.Portal.IsDown = true;
        await fixture.World.AdvanceAsync(TimeSpan.FromHours(1));

        fixture.Portal.IsDown = false;
        await fixture.FinishAsync();

        await fixture.ExpectAsync("Missed call", hasOpenItem: true);
    }

    [Fact]
    public async Task Missed_KilledAfterTheItemWasOpened_AnsweredMeanwhileClosesIt()
    {
        await using var fixture = await AdapterFixture.StartAsync();
        await fixture.CallAsync("missed");
        fixture.World.Process.Life.Plan(new(KillPlace.AfterRequest, 4));
        await fixture.World.AdvanceUntilAsync(() => fixture.World.Process.Life.HasEnded || fixture.World.Kills.Count > 0);
        await fixture.NotifyAsync("pickUp");

        await fixture.FinishAsync();

        fixture.Portal.Items.Should().ContainSingle().Which.ClosedAt.Should().NotBeNull();
        await fixture.ExpectAsync("Answered call", hasOpenItem: false);
    }

    [Fact]
    public async Task Refresh_KilledBeforeTheTokensWereStored_PreviousRefreshTokenIsUsedAgain()
    {
        await using var fixture = await AdapterFixture.StartAsync();
        fixture.Portal.Options.AcceptsPreviousRefreshToken = true;
        fixture.World.Time.Advance(fixture.Portal.Options.AccessTokenLifetime);
        await fixture.NotifyAsync("missed");
        fixture.World.Process.Life.Plan(new(KillPlace.AfterRequest, 2));

        await fixture.FinishAsync();

        fixture.World.Kills.Select(kill => kill.Place).Should().Equal(KillPlace.AfterRequest);
        fixture.Portal.TakeSnapshot().RefreshCount.Should().Be(2);
        await fixture.ExpectAsync("Missed call", hasOpenItem: true);
    }
}
