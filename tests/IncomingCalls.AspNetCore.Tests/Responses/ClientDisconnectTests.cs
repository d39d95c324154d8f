using IncomingCalls.AspNetCore.Tests.Hosting;
using Microsoft.AspNetCore.Builder;

namespace IncomingCalls.AspNetCore.Tests.Responses;

public sealed class ClientDisconnectTests
{
    [Fact]
    public async Task Post_ClientDisconnectsWhileHandling_HandlerContinuesAndTheRedeliveryAwaitsIt()
    {
        await using var host = await WebhookHost.StartAsync();
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        host.Recorder.OnEvent = _ =>
        {
            entered.TrySetResult();
            return release.Task;
        };
        var gone = host.Logs.WaitForAsync(2021);
        using (var connection = await RawConnection.OpenAsync(host))
        {
            var body = NotificationJson.CreateCall();
            await connection.SendHeadAsync($"Content-Length: {body.Length}");
            await connection.SendAsync(body);
            await entered.Task.WaitAsync(TimeSpan.FromSeconds(30));
            connection.Reset();
        }

        await gone;
        host.Recorder.Events.Should().BeEmpty();
        var redelivery = host.PostForStatusAsync(NotificationJson.CreateCall());
        release.SetResult();

        (await redelivery).Should().Be(200);
        host.Recorder.Events.Should().ContainSingle();
        host.Logs.Warnings.Should().NotContain(entry => entry.Id >= 2000 && entry.Id < 3000);
    }

    [Fact]
    public async Task Post_HostStopsWhileHandling_IsNotAcknowledged()
    {
        await using var host = await WebhookHost.StartAsync();
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        host.Recorder.OnEvent = cancellationToken =>
        {
            entered.TrySetResult();
            return Task.Delay(Timeout.Infinite, cancellationToken);
        };
        using var connection = await RawConnection.OpenAsync(host);
        var body = NotificationJson.CreateCall();
        await connection.SendHeadAsync($"Content-Length: {body.Length}");
        await connection.SendAsync(body);
        await entered.Task.WaitAsync(TimeSpan.FromSeconds(30));

        await host.StopImmediatelyAsync();

        (await connection.ReadStatusAsync()).Should().NotBe(200);
        host.Recorder.Events.Should().BeEmpty();
    }

    [Theory]
    [InlineData("Content-Length: 400", """{"typeWebhook":"incomingCall",""")]
    [InlineData("Transfer-Encoding: chunked", "1e\r\n{\"typeWebhook\":\"incomingCall\",\r\n")]
    public async Task Post_UploadReset_IsLoggedAtDebugOnly(string header, string begun)
    {
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var host = await WebhookHost.StartAsync(new()
        {
            ConfigurePipeline = app => app.Use((context, next) =>
            {
                entered.TrySetResult();
                return next(context);
            }),
        });
        var broken = host.Logs.WaitForAsync(2020);
        using (var connection = await RawConnection.OpenAsync(host))
        {
            await connection.SendHeadAsync(header);
            await connection.SendAsync(begun);
            // A reset that arrives before the request head would prevent the request.
            await entered.Task.WaitAsync(TimeSpan.FromSeconds(30));
            connection.Reset();
        }

        await broken;
        host.Recorder.Events.Should().BeEmpty();
        host.Logs.Warnings.Should().BeEmpty();
    }

    [Theory]
    [InlineData("Content-Length: 400", """{"typeWebhook":"incomingCall",""")]
    [InlineData("Transfer-Encoding: chunked", "1e\r\n{\"typeWebhook\":\"incomingCall\",\r\n")]
    [InlineData("Transfer-Encoding: chunked", "no chunk\r\n")]
    public async Task Post_UploadTruncatedOrMalformed_IsNotAcknowledgedAndLogsNoError(string header, string begun)
    {
        await using var host = await WebhookHost.StartAsync();
        using var connection = await RawConnection.OpenAsync(host);
        await connection.SendHeadAsync(header);
        await connection.SendAsync(begun);
        connection.FinishSending();

        var status = await connection.ReadStatusAsync();

        (status is null or 400).Should().BeTrue("it was {0}", status);
        host.Recorder.Events.Should().BeEmpty();
        host.Logs.Warnings.Should().BeEmpty();
    }

    [Fact]
    public async Task Post_UploadCancelledOverHttp2_IsLoggedAtDebugOnly()
    {
        await using var host = await WebhookHost.StartAsync();
        var broken = host.Logs.WaitForAsync(2020);
        using var cancellation = new CancellationTokenSource();
        using var content = new StalledContent(NotificationJson.Utf8("""{"typeWebhook":"incomingCall","""));
        var sending = host.SendAsync(content, isHttp2: true, cancellationToken: cancellation.Token);
        await content.Begun.WaitAsync(TimeSpan.FromSeconds(30));

        await cancellation.CancelAsync();

        await sending.Invoking(async task => await task).Should().ThrowAsync<OperationCanceledException>();
        await broken;
        host.Logs.Warnings.Should().BeEmpty();
    }
}
