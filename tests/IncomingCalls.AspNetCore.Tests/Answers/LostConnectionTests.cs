using IncomingCalls.AspNetCore.Tests.Hosting;
using Microsoft.AspNetCore.Builder;

namespace IncomingCalls.AspNetCore.Tests.Answers;

public sealed class LostConnectionTests
{
    [Fact]
    public async Task Post_ClientGoneWhileHandled_EndsOnlyTheWaitAndTheRepeatJoins()
    {
        await using var host = await WebhookHost.StartAsync();
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        host.Desk.OnEvent = _ =>
        {
            entered.TrySetResult();
            return release.Task;
        };
        var gone = host.Logs.HasAsync(2021);
        using (var connection = await RawConnection.OpenAsync(host))
        {
            var body = Wire.Call();
            await connection.SendHeadAsync($"Content-Length: {body.Length}");
            await connection.SendAsync(body);
            await entered.Task.WaitAsync(TimeSpan.FromSeconds(30));
            connection.Reset();
        }

        await gone;
        host.Desk.Events.Should().BeEmpty();
        var repeat = host.StatusAsync(Wire.Call());
        release.SetResult();

        (await repeat).Should().Be(200);
        host.Desk.Events.Should().ContainSingle();
        host.Logs.Alarms.Should().NotContain(entry => entry.Id >= 2000 && entry.Id < 3000);
    }

    [Fact]
    public async Task Post_HostStopsWhileHandled_IsNotAcknowledged()
    {
        await using var host = await WebhookHost.StartAsync();
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        host.Desk.OnEvent = cancellationToken =>
        {
            entered.TrySetResult();
            return Task.Delay(Timeout.Infinite, cancellationToken);
        };
        using var connection = await RawConnection.OpenAsync(host);
        var body = Wire.Call();
        await connection.SendHeadAsync($"Content-Length: {body.Length}");
        await connection.SendAsync(body);
        await entered.Task.WaitAsync(TimeSpan.FromSeconds(30));

        await host.StopAtOnceAsync();

        (await connection.ReadStatusAsync()).Should().NotBe(200);
        host.Desk.Events.Should().BeEmpty();
    }

    [Theory]
    [InlineData("Content-Length: 400", """{"typeWebhook":"incomingCall",""")]
    [InlineData("Transfer-Encoding: chunked", "1e\r\n{\"typeWebhook\":\"incomingCall\",\r\n")]
    public async Task Post_UploadReset_LeavesNothingButADebugLine(string header, string begun)
    {
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var host = await WebhookHost.StartAsync(new()
        {
            Pipeline = app => app.Use((context, next) =>
            {
                entered.TrySetResult();
                return next(context);
            }),
        });
        var broken = host.Logs.HasAsync(2020);
        using (var connection = await RawConnection.OpenAsync(host))
        {
            await connection.SendHeadAsync(header);
            await connection.SendAsync(begun);
            // A reset that overtakes the head would leave no request at all.
            await entered.Task.WaitAsync(TimeSpan.FromSeconds(30));
            connection.Reset();
        }

        await broken;
        host.Desk.Events.Should().BeEmpty();
        host.Logs.Alarms.Should().BeEmpty();
    }

    [Theory]
    [InlineData("Content-Length: 400", """{"typeWebhook":"incomingCall",""")]
    [InlineData("Transfer-Encoding: chunked", "1e\r\n{\"typeWebhook\":\"incomingCall\",\r\n")]
    [InlineData("Transfer-Encoding: chunked", "no chunk\r\n")]
    public async Task Post_UploadCutShortOrMalformed_IsNotAcknowledgedAndNoFaultOfOurs(string header, string begun)
    {
        await using var host = await WebhookHost.StartAsync();
        using var connection = await RawConnection.OpenAsync(host);
        await connection.SendHeadAsync(header);
        await connection.SendAsync(begun);
        connection.FinishSending();

        var status = await connection.ReadStatusAsync();

        (status is null or 400).Should().BeTrue("it was {0}", status);
        host.Desk.Events.Should().BeEmpty();
        host.Logs.Alarms.Should().BeEmpty();
    }

    [Fact]
    public async Task Post_UploadCancelledOverHttp2_LeavesNothingButADebugLine()
    {
        await using var host = await WebhookHost.StartAsync();
        var broken = host.Logs.HasAsync(2020);
        using var cancellation = new CancellationTokenSource();
        using var content = new StalledContent(Wire.Utf8("""{"typeWebhook":"incomingCall","""));
        var sending = host.SendAsync(content, isHttp2: true, cancellationToken: cancellation.Token);
        await content.Begun.WaitAsync(TimeSpan.FromSeconds(30));

        await cancellation.CancelAsync();

        await sending.Invoking(async task => await task).Should().ThrowAsync<OperationCanceledException>();
        await broken;
        host.Logs.Alarms.Should().BeEmpty();
    }
}
