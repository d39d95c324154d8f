using System.Text.Json;
using IncomingCalls.Cli.Output;
using IncomingCalls.Cli.Tests.Hosting;
using IncomingCalls.Testing;

namespace IncomingCalls.Cli.Tests.Doctor;

public sealed class DoctorTests : IAsyncLifetime
{
    private const string WebhookToken = "doctor-webhook-token";

    private GreenApiSimulator _gateway = null!;
    private SimulatedInstance _instance = null!;

    public async Task InitializeAsync()
    {
        _gateway = await GreenApiSimulator.StartAsync();
        _instance = _gateway.AddInstance();
    }

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Fact]
    public async Task Doctor_HealthyInstance_FindsNothingWrong()
    {
        var result = await RunAsync();

        result.ExitCode.Should().Be(0);
        result.Error.Should().BeEmpty();
        result.Output.Should().Contain("Ok       CallNotificationsOn").And.Contain("Ok       PollingPossible")
            .And.NotContain("Error").And.NotContain("Warning").And.NotContain(_instance.ApiTokenInstance);
    }

    [Fact]
    public async Task Doctor_CallNotificationsOff_ReportsAdvice()
    {
        _instance.Settings.IncomingCallWebhook = false;

        var text = await RunAsync();
        var json = await RunAsync("--json");

        text.ExitCode.Should().Be((int)ExitCode.ProblemsFound);
        text.Output.Should().MatchRegex("Error    CallNotificationsOff .*\n +-> Switch incomingCallWebhook on");
        var finding = json.Json.Single(line => line.GetProperty("code").GetString() == "CallNotificationsOff");
        finding.GetProperty("severity").GetString().Should().Be("Error");
        finding.GetProperty("idInstance").GetInt64().Should().Be(_instance.IdInstance);
        finding.GetProperty("advice").GetString().Should().StartWith("Switch incomingCallWebhook on");
        json.ExitCode.Should().Be((int)ExitCode.ProblemsFound);
    }

    [Fact]
    public async Task Doctor_OnlyAWarning_IsNoFailure()
    {
        _instance.Settings.IncomingWebhook = false;

        var result = await RunAsync();

        result.ExitCode.Should().Be(0);
        result.Output.Should().Contain("Warning  MessageNotificationsOff");
    }

    [Fact]
    public async Task Doctor_WebhookGiven_ExaminesIt()
    {
        await using var host = await WebhookServer.StartAsync(async (context, _) =>
            context.Response.StatusCode = await Task.FromResult(context.Request.Headers.Authorization == $"Bearer {WebhookToken}" ? 200 : 401));
        _instance.SetWebhook(new(host.Url), $"Bearer {WebhookToken}");

        var result = await RunAsync("--webhook", host.Url, "--webhook-token", WebhookToken);

        result.ExitCode.Should().Be(0, result.Output);
        result.Output.Should().ContainAll("WebhookUrlMatches", "WebhookTokenMatches", "WebhookAnswers", "WebhookGuarded").And.NotContain(WebhookToken);
    }

    [Fact]
    public async Task Doctor_PolledInstanceWithWebhookUrl_FindsProblems()
    {
        _instance.SetWebhook(new("http://127.0.0.1:1/hook"));

        var result = await RunAsync("--receive", "polling");

        result.ExitCode.Should().Be((int)ExitCode.ProblemsFound);
        result.Output.Should().Contain("Error    PollingBlocked");
    }

    [Fact]
    public async Task Doctor_WrongToken_ExitsRefused()
    {
        var result = await ToolProcess.RunAsync("doctor", "--id-instance", $"{_instance.IdInstance}", "--token", "s3cret", "--api-url", $"{_gateway.ApiUrl}");

        result.ExitCode.Should().Be((int)ExitCode.Refused);
        result.Output.Should().Contain("Error    ApiTokenRefused").And.NotContain("s3cret");
        result.Error.Should().NotContain("s3cret");
    }

    [Fact]
    public async Task Doctor_NoServerAtTheAddress_ExitsUnreachable()
    {
        var result = await ToolProcess.RunAsync("doctor", "--id-instance", "1101000001", "--token", "s3cret", "--api-url", "http://127.0.0.1:1");

        result.ExitCode.Should().Be((int)ExitCode.Unreachable);
        result.Output.Should().Contain("Error    ApiUnreachable").And.NotContain("s3cret");
    }

    [Fact]
    public async Task Doctor_SeveralConfigured_ExaminesAllOfThem()
    {
        _instance.Settings.IncomingCallWebhook = false;
        using var file = new TemporaryFile(Configuration(_instance, _gateway.AddInstance()));

        var text = await ToolProcess.RunAsync("doctor", "--config", file.FullName);
        var json = await ToolProcess.RunAsync("doctor", "--config", file.FullName, "--json");

        text.ExitCode.Should().Be((int)ExitCode.ProblemsFound);
        text.Output.Should().ContainAll(
            "1101000001 Error    CallNotificationsOff", "1101000002 Ok       CallNotificationsOn", "         7 Error    InstanceUnusable         Instance 7 cannot be used. The ApiTokenInstance is missing.");
        json.Json.Select(line => line.GetProperty("idInstance").GetInt64()).Distinct().Should().Equal(1101000001, 1101000002, 7);
    }

    [Fact]
    public async Task Doctor_OneAccountOnMoreInstancesThanAreExaminedAtOnce_IsReportedAtTheEnd()
    {
        var others = Enumerable.Range(2, 8).Select(i => _gateway.AddInstance(options => options.Wid = $"{i}@c.us")).ToArray();
        var second = _gateway.AddInstance();
        using var file = new TemporaryFile(Configuration([_instance, .. others, second]));

        var result = await ToolProcess.RunAsync("doctor", "--config", file.FullName, "--watch", "0s");

        result.Lines.Where(line => line.Contains("AccountOnSeveralInstances")).Should().Equal(
            $"{_instance.IdInstance} Warning  AccountOnSeveralInstances The account of instance {_instance.IdInstance} is also that of instance {second.IdInstance}.",
            $"{second.IdInstance} Warning  AccountOnSeveralInstances The account of instance {second.IdInstance} is also that of instance {_instance.IdInstance}.");
    }

    [Fact]
    public async Task Doctor_TwoRunsAtOnce_DoNotReportEachOther()
    {
        var results = await Task.WhenAll(RunAsync("--watch", "0s"), RunAsync("--watch", "0s"));

        results.Should().OnlyContain(result => result.ExitCode == 0 && !result.Output.Contains("ApiBusy"));
    }

    [Fact]
    public async Task Doctor_WebhookRedirects_SaysWhatToWrite()
    {
        await using var host = await WebhookServer.StartAsync((context, _) =>
        {
            context.Response.StatusCode = 307;
            context.Response.Headers.Location = "https://crm.example.com/hook";
            return Task.CompletedTask;
        });

        var result = await RunAsync("--webhook", host.Url, "--webhook-token", WebhookToken);

        result.ExitCode.Should().Be((int)ExitCode.ProblemsFound);
        result.Output.Should().Contain("a redirect to https://crm.example.com and the same path. Only 200 acknowledges a notification: write the address with https://crm.example.com into webhookUrl.");
    }

    [Fact]
    public async Task Apply_SeveralConfigured_RequiresOneInstance()
    {
        using var file = new TemporaryFile(Configuration(_instance, _gateway.AddInstance()));

        (await ToolProcess.RunAsync("doctor", "--config", file.FullName, "--apply", "--yes")).ShouldHaveFailed(
            ExitCode.Unusable, "Several instances are configured. Select one with --id-instance 1101000001 or 1101000002 or 7.");
    }

    [Fact]
    public async Task Apply_OtherProblemRemains_FindsProblems()
    {
        _instance.Settings.IncomingCallWebhook = false;
        _instance.State = SimulatedState.NotAuthorized;

        var result = await RunAsync("--apply", "--yes");

        result.ExitCode.Should().Be((int)ExitCode.ProblemsFound, "the setting is switched on now, but the instance is not authorized");
        _instance.Settings.IncomingCallWebhook.Should().BeTrue();
    }

    [Fact]
    public async Task Apply_NotInteractive_WritesNothing()
    {
        _instance.Settings.IncomingCallWebhook = false;

        var result = await RunAsync("--apply");

        result.ExitCode.Should().Be((int)ExitCode.Declined);
        result.Output.Should().EndWith("Settings to change: incomingCallWebhook.");
        result.Error.Should().Contain("The instance restarts and sends no notifications for up to five minutes. The question cannot be answered because the input is redirected. Add --yes to confirm.");
        _instance.Settings.IncomingCallWebhook.Should().BeFalse();
    }

    [Fact]
    public async Task Apply_WithYes_WritesOnlyDifferences()
    {
        _instance.Settings.IncomingCallWebhook = false;

        var result = await RunAsync("--apply", "--yes", "--json");

        result.ExitCode.Should().Be(0, result.Error);
        var settings = result.Json.Where(line => line.GetProperty("type").GetString() == "settings").ToArray();
        settings.Select(line => line.GetProperty("isWritten").GetBoolean()).Should().Equal(false, true);
        settings[1].GetProperty("differences").EnumerateArray().Select(name => name.GetString()).Should().Equal("incomingCallWebhook");
        _instance.Settings.IncomingCallWebhook.Should().BeTrue();
    }

    [Fact]
    public async Task Apply_WithAWebhook_WritesAddressAndTokenWithoutPrintingThem()
    {
        var result = await RunAsync("--webhook", "http://127.0.0.1:1/hook", "--webhook-token", WebhookToken, "--apply", "--yes");

        result.Output.Should().Contain("written: webhookUrl, webhookUrlToken").And.NotContain(WebhookToken);
        _instance.Settings.WebhookUrl.Should().Be("http://127.0.0.1:1/hook");
        _instance.Settings.WebhookUrlToken.Should().Be($"Bearer {WebhookToken}");
    }

    [Fact]
    public async Task Apply_NoDifferences_AsksForNoConfirmation()
    {
        var result = await RunAsync("--apply");

        result.ExitCode.Should().Be(0);
        result.Lines[^1].Should().Be("All settings have the wanted values.");
    }

    [Theory]
    [InlineData("YES", true)]
    [InlineData("n", false)]
    public async Task Apply_AtATerminal_AsksFirst(string answer, bool isWritten)
    {
        _instance.Settings.IncomingCallWebhook = false;
        using var answers = new StringReader(answer);
        using var error = new StringWriter();
        var terminal = new Terminal { Out = TextWriter.Null, Error = error, In = answers, IsInteractive = false, Time = TimeProvider.System };

        await Tool.RunAsync(["doctor", .. Instance(), "--apply", "--watch", "0s"], terminal);

        error.ToString().Should().StartWith("Write incomingCallWebhook of instance 1101000001? The instance restarts");
        _instance.Settings.IncomingCallWebhook.Should().Be(isWritten);
    }

    [Theory]
    [InlineData("--watch", "2m", "--watch takes a time of up to a minute")]
    [InlineData("--receive", "pigeon", "--receive takes polling or webhook.")]
    [InlineData("--webhook", "crm.example.com", "--webhook takes an address such as")]
    public async Task Option_Invalid_ReportsOneSentence(string option, string value, string sentence) =>
        (await RunAsync(option, value)).ShouldHaveFailed(ExitCode.Usage, sentence);

    /// <summary>Creates a configuration with the given instances and an invalid one.</summary>
    private string Configuration(params SimulatedInstance[] instances) => JsonSerializer.Serialize(new
    {
        GreenApi = new
        {
            Instances = instances.Select(instance => new { instance.IdInstance, ApiTokenInstance = (string?)instance.ApiTokenInstance, ApiUrl = $"{_gateway.ApiUrl}" })
                .Append(new { IdInstance = 7L, ApiTokenInstance = (string?)null, ApiUrl = "" }),
        },
    });

    private string[] Instance() => ["--id-instance", $"{_instance.IdInstance}", "--token", _instance.ApiTokenInstance, "--api-url", $"{_gateway.ApiUrl}"];

    private Task<ToolResult> RunAsync(params string[] arguments) => ToolProcess.RunAsync(["doctor", .. Instance(), .. arguments]);
}
