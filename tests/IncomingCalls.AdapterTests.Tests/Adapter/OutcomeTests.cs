using IncomingCalls.Fakes.Crm;

namespace IncomingCalls.AdapterTests.Tests.Adapter;

/// <summary>What the adapter of docs/adapters.md writes.</summary>
public class OutcomeTests
{
    [Theory]
    [InlineData("pickUp", "Answered call", false)]
    [InlineData("hungUp", "Dropped call", true)]
    [InlineData("missed", "Missed call", true)]
    public async Task Call_EndsWithAnOutcome_OneRecordAndAnItemIfUnanswered(string status, string text, bool hasOpenItem)
    {
        await using var fixture = await AdapterFixture.StartAsync();

        await fixture.CallAsync(status);
        await fixture.FinishAsync();

        await fixture.ExpectAsync(text, hasOpenItem);
    }

    [Fact]
    public async Task Missed_AnsweredOnAnotherDeviceWithinTheSettleTime_WasNeverMissed()
    {
        await using var fixture = await AdapterFixture.StartAsync();
        await fixture.CallAsync("missed");
        await fixture.World.AdvanceAsync(TimeSpan.FromSeconds(15));
        await fixture.NotifyAsync("pickUp");

        await fixture.FinishAsync();

        fixture.Portal.Calls.Single().Changes.Should().BeEmpty();
        fixture.Portal.Items.Should().BeEmpty();
        await fixture.ExpectAsync("Answered call", hasOpenItem: false);
    }

    [Fact]
    public async Task Missed_AnsweredLater_RecordIsChangedAndItemClosed()
    {
        await using var fixture = await AdapterFixture.StartAsync();
        await fixture.CallAsync("missed");
        await fixture.FinishAsync();
        await fixture.ExpectAsync("Missed call", hasOpenItem: true);

        await fixture.NotifyAsync("pickUp");
        await fixture.FinishAsync();

        fixture.Portal.Calls.Single().Changes.Should().ContainSingle();
        fixture.Portal.Requests.Select(request => request.Operation).Should().Equal(
            [CrmOperation.RegisterCall, CrmOperation.FinishCall, CrmOperation.FindItems, CrmOperation.OpenItem, CrmOperation.ChangeCall, CrmOperation.CloseItem],
            "what was saved is not looked for");
        await fixture.ExpectAsync("Answered call", hasOpenItem: false);
    }

    [Fact]
    public async Task Offer_NoOutcome_OneRecordThatALaterOutcomeChanges()
    {
        await using var fixture = await AdapterFixture.StartAsync();
        await fixture.NotifyAsync("offer");
        await fixture.World.AdvanceAsync(TimeSpan.FromMinutes(20));
        await fixture.ExpectAsync("Call without a known outcome", hasOpenItem: false);

        await fixture.NotifyAsync("missed");
        await fixture.FinishAsync();

        await fixture.ExpectAsync("Missed call", hasOpenItem: true);
    }

    [Fact]
    public async Task Calls_OfOnePersonOnTwoInstances_HaveOneOpenItemUntilOneIsAnswered()
    {
        await using var fixture = await AdapterFixture.StartAsync();
        await fixture.CallAsync("missed", "A");
        await fixture.CallAsync("missed", "B", instance: AdapterFixture.SecondInstance);
        await fixture.FinishAsync();
        fixture.Portal.Items.Should().ContainSingle().Which.ClosedAt.Should().BeNull();

        await fixture.CallAsync("pickUp", "C");
        await fixture.FinishAsync();
        fixture.Portal.Items.Should().ContainSingle().Which.ClosedAt.Should().NotBeNull();

        await fixture.CallAsync("missed", "D");
        await fixture.FinishAsync();
        fixture.Portal.Items.Should().HaveCount(2);
        fixture.Portal.Items.Count(item => item.ClosedAt is null).Should().Be(1);
        await fixture.ExpectNoFaultAsync();
    }

    [Fact]
    public async Task Missed_HandledAfterALaterAnsweredCall_OpensNoItem()
    {
        await using var fixture = await AdapterFixture.StartAsync();
        fixture.Portal.FailNext(CrmFault.ServerError, times: 3, CrmOperation.RegisterCall);
        await fixture.CallAsync("missed", "A");
        await fixture.World.AdvanceAsync(TimeSpan.FromSeconds(40));
        fixture.Portal.Items.Should().BeEmpty();
        await fixture.CallAsync("pickUp", "B");

        await fixture.FinishAsync();

        fixture.Portal.Calls.Should().HaveCount(2);
        fixture.Portal.Items.Should().BeEmpty();
        await fixture.ExpectNoFaultAsync();
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 1)]
    public async Task Missed_UnknownNumber_IsRecordedIfThePortalWantsAContact(bool createsContacts, int records)
    {
        await using var fixture = await AdapterFixture.StartAsync(createsContacts);

        await fixture.CallAsync("missed", from: AdapterFixture.Unknown);
        await fixture.FinishAsync();

        fixture.Portal.Calls.Should().HaveCount(records);
        fixture.Portal.Items.Should().ContainSingle();
        await fixture.ExpectNoFaultAsync();
    }

    [Theory]
    [InlineData(AdapterFixture.LinkedId, 1)]
    [InlineData(null, 0)]
    public async Task Missed_NumberIsNotKnown_NoPhoneNumberIsSent(string? from, int items)
    {
        await using var fixture = await AdapterFixture.StartAsync(createsContacts: true);

        await fixture.CallAsync("missed", from: from);
        await fixture.FinishAsync();

        fixture.Portal.Calls.Should().BeEmpty();
        fixture.Portal.Items.Should().HaveCount(items);
        await fixture.ExpectNoFaultAsync();
    }
}
