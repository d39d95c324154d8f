using System.Text;
using IncomingCalls.AspNetCore.Tests.Hosting;

namespace IncomingCalls.AspNetCore.Tests.Requests;

/// <summary>Invalid bodies are acknowledged, because a retry cannot help and they would block the calls behind them. They are not logged.</summary>
public sealed class InvalidInputTests
{
    private const int Mebibyte = 1024 * 1024;

    /// <summary>The bodies by name, because test runners write the data of a theory into the names of the tests.</summary>
    private static readonly Dictionary<string, byte[]> Bodies = new()
    {
        ["1 MiB of ["] = CreateFilled('['),
        ["1 MiB of {\"a\":"] = NotificationJson.Utf8(string.Concat(Enumerable.Repeat("""{"a":""", Mebibyte / 5))),
        ["a string of 1 MiB"] = NotificationJson.Utf8($"\"{new string('x', Mebibyte - 2)}\""),
        ["another type with a string of nearly 1 MiB"] = NotificationJson.Utf8(NotificationJson.CreateOtherType(data: $"\"{new string('x', Mebibyte - 300)}\"")),
        ["an id of nearly 1 MiB"] = NotificationJson.Utf8(NotificationJson.CreateCall(id: new string('x', Mebibyte - 300))),
        ["a status of nearly 1 MiB"] = NotificationJson.Utf8(NotificationJson.CreateCall(status: new string('x', Mebibyte - 300))),
        ["a type of nearly 1 MiB"] = NotificationJson.Utf8(NotificationJson.CreateOtherType(type: new string('x', Mebibyte - 300))),
        ["invalid UTF-8 in an id"] = [.. NotificationJson.Utf8("""{"typeWebhook":"incomingCall","instanceData":{"idInstance":1},"status":"offer","idMessage":"A"""), 0xC3, 0x28, .. "\"}"u8],
        ["invalid UTF-8 in a type"] = [.. "{\"typeWebhook\":\""u8, 0xFF, 0xFE, .. "\"}"u8],
        ["invalid UTF-8 in another type"] = [.. NotificationJson.Utf8("""{"typeWebhook":"incomingMessageReceived","messageData":"A"""), 0xC3, 0x28, .. "\"}"u8],
        ["a lone surrogate in the id"] = NotificationJson.Utf8(NotificationJson.CreateCall(id: """\ud800""")),
        ["a lone surrogate in the type"] = NotificationJson.Utf8(NotificationJson.CreateOtherType(type: """\udc00""")),
        ["a lone surrogate in another type"] = NotificationJson.Utf8(NotificationJson.CreateOtherType(data: "\"\\ud800\"")),
        ["a lone surrogate as property name"] = NotificationJson.Utf8("""{"\ud800":1,"typeWebhook":"incomingMessageReceived"}"""),
        ["another type, nested 5,000 deep"] = NotificationJson.Utf8(NotificationJson.CreateOtherType(data: new string('[', 5000) + new string(']', 5000))),
        ["another type, nested 200,000 deep"] = NotificationJson.Utf8(NotificationJson.CreateOtherType(data: new string('[', 200_000) + new string(']', 200_000))),
        ["nested deep in a call"] = NotificationJson.Utf8("""{"x":""" + new string('[', 5000) + new string(']', 5000) + "," + NotificationJson.CreateCall()[1..]),
        ["nested deep in place of the instance"] = NotificationJson.Utf8("""{"typeWebhook":"incomingCall","idMessage":"A","instanceData":""" + new string('[', 5000) + new string(']', 5000) + "}"),
        ["deep bodies of the polled form"] = NotificationJson.Utf8(string.Concat(Enumerable.Repeat("""{"body":""", 5000)) + "{}" + new string('}', 5000)),
        ["typeWebhook is a number"] = NotificationJson.Utf8("""{"typeWebhook":1}"""),
        ["typeWebhook is an object"] = NotificationJson.Utf8("""{"typeWebhook":{"typeWebhook":"incomingCall"}}"""),
        ["typeWebhook is null"] = NotificationJson.Utf8("""{"typeWebhook":null}"""),
        ["typeWebhook is an array"] = NotificationJson.Utf8("""{"typeWebhook":["incomingCall"]}"""),
        ["typeWebhook is empty"] = NotificationJson.Utf8("""{"typeWebhook":""}"""),
        ["a zero byte"] = [0],
        ["leading zeros"] = NotificationJson.Utf8("""{"typeWebhook":"incomingCall","instanceData":{"idInstance":0001}}"""),
        ["a huge number"] = NotificationJson.Utf8("""{"typeWebhook":"incomingCall","idMessage":"A","instanceData":{"idInstance":1e999}}"""),
        ["a number of 10,000 digits"] = NotificationJson.Utf8("""{"typeWebhook":"incomingCall","idMessage":"A","instanceData":{"idInstance":1},"timestamp":""" + new string('9', 10_000) + "}"),
        ["comments"] = NotificationJson.Utf8("""{"typeWebhook":"incomingCall"/* here */}"""),
        ["a byte order mark"] = [0xEF, 0xBB, 0xBF, .. "{}"u8],
    };

    public static TheoryData<string> Names => [.. Bodies.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Post_InvalidInput_IsAnsweredWithoutAnException(string what)
    {
        await using var host = await WebhookHost.StartAsync();

        using var response = await host.PostAsync(Bodies[what]);

        ((int)response.StatusCode).Should().Be(200, what);
        (await host.PostForStatusAsync(NotificationJson.CreateCall(id: "AFTER"))).Should().Be(200, "the host should continue to accept calls");
    }

    [Theory]
    [InlineData("{0}")]
    [InlineData("\"{0}\"")]
    [InlineData("""{{"typeWebhook":"incomingMessageReceived","messageData":"{0}","instanceData":{{"idInstance":1}}}}""")]
    [InlineData("""{{"typeWebhook":"incomingMessageReceived","messageData":"{0}"}} {0}""")]
    [InlineData("""{{"{0}":"{0}","typeWebhook":"incomingCall"}}""")]
    [InlineData("""{{"typeWebhook":"incomingCall","idMessage":"{0}\ud800","instanceData":{{"idInstance":"{0}","wid":"{0}"}},"status":"{0}","from":"{0}"}}""")]
    [InlineData("""{{"typeWebhook":"incomingCall","idMessage":"A","instanceData":{{"idInstance":1,"wid":"{0}"}},"status":"offer","from":"{0}","timestamp":"{0}"}}""")]
    [InlineData("""{{"typeWebhook":["{0}"]}}""")]
    public async Task Post_AnyBody_IsNotLogged(string format)
    {
        await using var host = await WebhookHost.StartAsync();
        var body = string.Format(System.Globalization.CultureInfo.InvariantCulture, format, NotificationJson.Marker);

        (await host.PostForStatusAsync(body)).Should().BeLessThan(500);
        (await host.PostForStatusAsync(body, "wrong")).Should().Be(401);

        host.Logs.Entries.Should().NotBeEmpty().And.NotContain(entry => entry.Text.Contains(NotificationJson.Marker) || entry.Text.Contains("70000000177"));
    }

    [Fact]
    public async Task Post_DuplicateKeys_LastWins()
    {
        await using var host = await WebhookHost.StartAsync();

        (await host.PostForStatusAsync("""{"status":"pickUp",""" + NotificationJson.CreateCall("declined")[1..])).Should().Be(200);

        host.Recorder.Events.Should().ContainSingle().Which.Kind.Should().Be(CallEventKind.Missed);
    }

    private static byte[] CreateFilled(char filler) => Encoding.ASCII.GetBytes(new string(filler, Mebibyte));
}
