using IncomingCalls.Cli.Output;
using IncomingCalls.Cli.Tests.Hosting;
using IncomingCalls.Testing;

namespace IncomingCalls.Cli.Tests.Connections;

/// <summary>The selection of the instance for <c>tail</c> and all similar commands.</summary>
public sealed class InstanceSelectorTests
{
    private const string Secret = "secret-api-token";

    [Fact]
    public async Task Select_FileWithSeveral_UsesTheRequestedInstance()
    {
        await using var gateway = await GreenApiSimulator.StartAsync();
        gateway.AddInstance();
        var second = gateway.AddInstance();
        second.PlaceCall().Ring();
        using var file = new TemporaryFile($$"""
            { "GreenApi": { "Instances": [
              { "IdInstance": 1101000001, "ApiTokenInstance": "wrong" },
              { "IdInstance": {{second.IdInstance}}, "ApiTokenInstance": "{{second.ApiTokenInstance}}", "ApiUrl": "{{gateway.ApiUrl}}" } ] } }
            """);

        var result = await ToolProcess.RunAsync("tail", "--config", file.FullName, "--id-instance", $"{second.IdInstance}", "--consume", "--count", "1", "--no-names");

        result.ExitCode.Should().Be(0, result.Error);
        result.Lines.Should().ContainSingle();
    }

    [Fact]
    public async Task Select_Options_OverrideEnvironmentAndFile()
    {
        await using var gateway = await GreenApiSimulator.StartAsync();
        var instance = gateway.AddInstance(options => options.ApiTokenInstance = Secret);
        instance.PlaceCall().Ring();
        using var file = new TemporaryFile("""{ "GreenApi": { "Instances": [ { "IdInstance": 1101000001, "ApiTokenInstance": "wrong", "ApiUrl": "http://127.0.0.1:1" } ] } }""");
        string[] arguments = ["tail", "--config", file.FullName, "--count", "1", "--no-names"];
        var variables = new Dictionary<string, string> { ["GreenApi__Instances__0__ApiTokenInstance"] = Secret };

        await using var refused = ToolProcess.Start(variables, arguments);
        (await refused.WaitForExitAsync()).ExitCode.Should().Be((int)ExitCode.Unreachable);

        await using var found = ToolProcess.Start(variables, [.. arguments, "--api-url", $"{gateway.ApiUrl}"]);
        (await found.WaitForExitAsync()).ExitCode.Should().Be(0);
    }

    [Theory]
    [InlineData("""{}""", "", "No instance is configured. Specify --id-instance and --token")]
    [InlineData("""{}""", "--id-instance 5", "There is no token for instance 5.")]
    [InlineData("""{"GreenApi":{"Instances":[{"IdInstance":1,"ApiTokenInstance":"secret-api-token"},{"IdInstance":2}]}}""", "", "Several instances are configured. Select one with --id-instance 1 or 2.")]
    [InlineData("""{"GreenApi":{"Instances":[{"IdInstance":1,"ApiTokenInstance":"secret-api-token"}]}}""", "--id-instance 5", "There is no token for instance 5.")]
    [InlineData("""{"GreenApi":{"Instances":[{"IdInstance":1}]}}""", "", "Instance 1 cannot be used. The ApiTokenInstance is missing.")]
    [InlineData("""{"GreenApi":{"Instances":[{"IdInstance":"secret-api-token"}]}}""", "", "GreenApi:Instances:0:IdInstance cannot be read. Write a whole number.")]
    [InlineData("""{"GreenApi":{"Instances":[{"IdInstance":1,"ApiTokenInstance":"secret-api-token","ApiUrl":"nowhere"}]}}""", "", "Instance 1 cannot be used. The ApiUrl is not an http or https address.")]
    [InlineData("{\n\"GreenApi\": \"secret-api-token\n}", "", "is not a valid JSON configuration file: line 2 is invalid.")]
    [InlineData("secret-api-token", "", "is not a valid JSON configuration file: line 1 is invalid.")]
    [InlineData("[]", "", "is not a valid JSON configuration file.")]
    public async Task Select_NotPossible_ReportsErrorWithoutTheToken(string config, string options, string sentence)
    {
        using var file = new TemporaryFile(config);

        var result = await ToolProcess.RunAsync(["tail", "--config", file.FullName, .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);

        result.ShouldHaveFailed(ExitCode.Unusable, sentence);
        result.Error.Should().NotContain(Secret);
    }

    [Theory]
    [InlineData("/no/such/file.json", "There is no file /no/such/file.json.")]
    [InlineData("/tmp", "/tmp cannot be read.")]
    public async Task Config_NotAFile_ReportsError(string path, string sentence)
    {
        var result = await ToolProcess.RunAsync("tail", "--config", path);

        result.ShouldHaveFailed(ExitCode.Unusable, sentence);
    }
}
