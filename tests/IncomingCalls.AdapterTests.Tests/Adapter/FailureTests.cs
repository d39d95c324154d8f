using IncomingCalls.AdapterTests.Hosting;
using IncomingCalls.Fakes.Crm;

namespace IncomingCalls.AdapterTests.Tests.Adapter;

/// <summary>The adapter of docs/adapters.md while requests fail.</summary>
public class FailureTests
{
    public static TheoryData<CrmFault, CrmOperation> Faults
    {
        get
        {
            var data = new TheoryData<CrmFault, CrmOperation>();
            foreach (var fault in Enum.GetValues<CrmFault>().Where(fault => fault != CrmFault.SlowAnswer))
            {
                foreach (var operation in (CrmOperation[])[CrmOperation.RegisterCall, CrmOperation.FinishCall, CrmOperation.FindItems, CrmOperation.OpenItem])
                {
                    data.Add(fault, operation);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Missed_RequestFailsTwice_OneRecordAndOneItem(CrmFault fault, CrmOperation operation)
    {
        await using var fixture = await AdapterFixture.StartAsync();
        fixture.Portal.FailNext(fault, times: 2, operation);
        var isExecuted = fault is CrmFault.LostAnswer or CrmFault.ServerErrorAfterExecution && operation != CrmOperation.FindItems;

        await fixture.CallAsync("missed");
        await fixture.FinishAsync();

        fixture.Portal.Requests.Count(request => request.Operation == operation).Should().Be(isExecuted ? 1 : 3, "what was executed is not repeated");
        await fixture.ExpectAsync("Missed call", hasOpenItem: true);
    }

    [Theory]
    [InlineData(CrmOperation.RegisterCall)]
    [InlineData(CrmOperation.FinishCall)]
    [InlineData(CrmOperation.OpenItem)]
    public async Task Missed_AnswerComesAfterTheTimeout_IsNotRepeated(CrmOperation operation)
    {
        await using var fixture = await AdapterFixture.StartAsync();
        fixture.World.MaxStall = TimeSpan.FromMilliseconds(50);
        fixture.Portal.DelayNext(TimeSpan.FromSeconds(45), times: 1, operation);

        await fixture.CallAsync("missed");
        await fixture.FinishAsync();

        fixture.Portal.Requests.Count(request => request.Operation == operation).Should().Be(1, "the next attempt looks first");
        await fixture.ExpectAsync("Missed call", hasOpenItem: true);
    }

    [Theory]
    [InlineData(RetryAfterFormat.Seconds)]
    [InlineData(RetryAfterFormat.Body)]
    [InlineData(RetryAfterFormat.None)]
    public async Task Calls_PortalAsksForADelay_NoRequestComesBefore(RetryAfterFormat format)
    {
        await using var fixture = await AdapterFixture.StartAsync();
        (fixture.Portal.Options.RetryAfterFormat, fixture.Portal.Options.RetryAfter) = (format, TimeSpan.FromSeconds(40));
        fixture.Portal.FailNext(CrmFault.TooManyRequests, times: 1, CrmOperation.FinishCall);
        // From now on two attempts start at once, and the request of the second one waits while the first is answered.
        await fixture.World.AdvanceAsync(TimeSpan.FromMinutes(1));

        for (var i = 0; i < 5; i++)
        {
            await fixture.NotifyAsync("pickUp", $"A{i}");
        }

        await fixture.FinishAsync();

        fixture.Portal.Calls.Should().HaveCount(5).And.OnlyContain(call => call.Finishes.Count == 1);
        await fixture.ExpectNoFaultAsync();
    }

    [Fact]
    public async Task Calls_ThirtyAtOnce_LimitOfThePortalIsKept()
    {
        await using var fixture = await AdapterFixture.StartAsync();
        for (var i = 0; i < 30; i++)
        {
            await fixture.NotifyAsync("missed", $"A{i}");
        }

        await fixture.FinishAsync();

        fixture.Portal.Calls.Should().HaveCount(30);
        fixture.Portal.Items.Should().ContainSingle("all calls are of one person");
        await fixture.ExpectNoFaultAsync();
    }

    [Fact]
    public async Task Call_PortalRefusesTheRequest_IsADeadLetterAtOnce()
    {
        await using var fixture = await AdapterFixture.StartAsync();
        fixture.Portal.Options.AllowsReadingCalls = false;
        fixture.Portal.FailNext(CrmFault.LostAnswer, times: 1, CrmOperation.FinishCall);

        await fixture.CallAsync("pickUp");
        await fixture.FinishAsync();

        var letter = (await fixture.World.Process.Administration.ListDeadLettersAsync()).Should().ContainSingle().Subject;
        letter.Error.Should().Be("CrmRefusedException: The portal answered 403.");
        fixture.Portal.Calls.Should().ContainSingle().Which.Finishes.Should().ContainSingle("without the right to look, the request is not repeated");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Calls_PortalIsDownOrUnpaidForHours_AreRecordedAfterwardsAndOtherPortalsAtOnce(bool isDown)
    {
        await using var fixture = await AdapterFixture.StartAsync();
        (fixture.Portal.IsDown, fixture.Portal.SubscriptionIsOver) = (isDown, !isDown);
        await fixture.CallAsync("missed");
        await fixture.World.AdvanceAsync(TimeSpan.FromHours(2));

        await fixture.CallAsync("pickUp", "B", instance: AdapterFixture.OtherInstance);
        await fixture.World.AdvanceAsync(TimeSpan.FromSeconds(5));

        fixture.Other.Calls.Should().ContainSingle().Which.Text.Should().Be("Answered call");
        fixture.Portal.Calls.Should().BeEmpty();
        fixture.Portal.Requests.Should().HaveCountLessThan(20, "one delivery probes the portal, with growing delays");
        (await fixture.World.Process.Administration.ListPausesAsync()).Should().ContainSingle().Which.Destination.Should().Be("crm:first");

        (fixture.Portal.IsDown, fixture.Portal.SubscriptionIsOver) = (false, false);
        await fixture.FinishAsync();
        await fixture.ExpectAsync("Missed call", hasOpenItem: true);
    }
}
