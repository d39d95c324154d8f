using IncomingCalls.GreenApi.Tests.Hosting;

namespace IncomingCalls.GreenApi.Tests.Client;

/// <summary>Reading the journals of calls, whose fields and types vary between servers.</summary>
public sealed class CallJournalTests : IAsyncLifetime, IDisposable
{
    private readonly GreenApiClient _client = GreenApiClient.Create();
    private FakeGateway _gateway = null!;
    private FakeInstance _account = null!;
    private CallInstance _instance = null!;

    public async Task InitializeAsync()
    {
        _gateway = await FakeGateway.StartAsync();
        _account = _gateway.AddInstance();
        _instance = _gateway.ToCallInstance(_account);
    }

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task GetLastIncomingCallsAsync_DocumentedResponse_IsRead()
    {
        Respond(200, """[{"type":"incoming","idMessage":"AAAA0000000000000000000000000001","timestamp":1791364530,"typeMessage":"incomingCall","chatId":"70000000101@c.us","isVideo":false,"status":"missed","isGroup":false}]""");

        var result = await _client.GetLastIncomingCallsAsync(_instance);

        result.IsOk.Should().BeTrue();
        result.Value.Should().BeEquivalentTo(new[]
        {
            new
            {
                IdMessage = "AAAA0000000000000000000000000001",
                ChatId = (ChatId?)ChatId.Parse("70000000101@c.us"),
                EndedAt = (DateTimeOffset?)DateTimeOffset.FromUnixTimeSeconds(1791364530),
                Status = CallStatus.Missed,
                RawStatus = "missed",
                IsVideo = (bool?)false,
                IsGroup = (bool?)false,
                Duration = (TimeSpan?)null,
                Participants = Array.Empty<CallParticipant>(),
            },
        });
    }

    [Fact]
    public async Task GetLastOutgoingCallsAsync_DocumentedResponse_IsRead()
    {
        Respond(200, """[{"type":"outgoing","idMessage":"BBBB0000000000000000000000000001","timestamp":1791364700,"typeMessage":"outgoingCall","chatId":"70000000102@c.us","duration":31,"isVideo":false,"status":"pickUp","participants":[{"id":"70000000102@c.us","status":"pickUp"}]}]""");

        var result = await _client.GetLastOutgoingCallsAsync(_instance);

        result.Value.Should().BeEquivalentTo(new[]
        {
            new
            {
                IdMessage = "BBBB0000000000000000000000000001",
                ChatId = (ChatId?)ChatId.Parse("70000000102@c.us"),
                EndedAt = (DateTimeOffset?)DateTimeOffset.FromUnixTimeSeconds(1791364700),
                Status = CallStatus.PickUp,
                IsGroup = (bool?)null,
                Duration = (TimeSpan?)TimeSpan.FromSeconds(31),
                Participants = new[] { new CallParticipant { Id = ChatId.Parse("70000000102@c.us"), RawStatus = "pickUp" } },
            },
        });
    }

    [Theory]
    [InlineData("""{"idMessage":"A1"}""", "A1", null, null, null)]
    [InlineData("""{"x":[{"idMessage":"no"}],"status":"hangUp","idMessage":"A1","timestamp":"1791364530"}""", "A1", null, 1791364530L, "hangUp")]
    [InlineData("""{"idMessage":123456789012345678,"timestamp":1791364530.0,"chatId":10000001}""", "123456789012345678", "10000001", 1791364530L, null)]
    [InlineData("""{"idMessage":"A1","timestamp":1791364530000,"chatId":"155500000000001@lid","status":"rejected"}""", "A1", "155500000000001@lid", 1791364530L, "rejected")]
    [InlineData("""{"idMessage":"A1","timestamp":0,"chatId":"120363000000000001@g.us","isVideo":"maybe","isGroup":7,"duration":"long","participants":{}}""", "A1", "120363000000000001@g.us", null, null)]
    [InlineData("""{"idMessage":"A1","chatId":"70000000101:2@c.us","timestamp":-5,"type":"INCOMING"}""", "A1", "70000000101@c.us", null, null)]
    [InlineData("""{"idMessage":"A1","chatId":"70000000101@c.us","status":"\ud800missed","\ud800":1,"timestamp":null}""", "A1", "70000000101@c.us", null, "\ufffdmissed")]
    public async Task GetLastIncomingCallsAsync_OddEntry_IsReadAsFarAsPossible(string entry, string idMessage, string? chatId, long? endedAt, string? rawStatus)
    {
        Respond(200, $"[{entry}]");

        var call = (await _client.GetLastIncomingCallsAsync(_instance)).Value.Should().ContainSingle().Subject;

        (call.IdMessage, call.ChatId?.Value, call.EndedAt?.ToUnixTimeSeconds(), call.RawStatus).Should().Be((idMessage, chatId, endedAt, rawStatus));
        (call.IsVideo, call.IsGroup, call.Duration).Should().Be((null, null, null));
    }

    [Theory]
    [InlineData("0@c.us")]
    [InlineData("123@c.us")]
    [InlineData("0@lid")]
    [InlineData("@lid")]
    [InlineData("0")]
    [InlineData("")]
    [InlineData("status@broadcast")]
    [InlineData("7000000\\u00000101@c.us")]
    public async Task GetLastIncomingCallsAsync_ChatIdThatIdentifiesNobody_IsNull(string chatId)
    {
        Respond(200, $$"""[{"idMessage":"A1","chatId":"{{chatId}}","status":"missed"}]""");

        var result = await _client.GetLastIncomingCallsAsync(_instance);

        result.Value.Should().ContainSingle().Which.ChatId.Should().BeNull();
    }

    [Fact]
    public async Task GetLastIncomingCallsAsync_EntriesOfAnotherTypeOrWithoutId_AreLeftOut()
    {
        Respond(200, """
            [null, 5, "text", [], {}, {"idMessage":""}, {"idMessage":"A\u0007"}, {"idMessage":null},
             {"idMessage":"A1","type":"outgoing"}, {"idMessage":"A2","typeMessage":"textMessage","type":"incoming"}, {"idMessage":"A3","type":"incoming"}]
            """);

        var result = await _client.GetLastIncomingCallsAsync(_instance);

        result.Value!.Select(call => call.IdMessage).Should().Equal("A3");
    }

    [Fact]
    public async Task GetLastOutgoingCallsAsync_Participants_UnreadableOnesAreLeftOut()
    {
        Respond(200, """[{"idMessage":"B1","status":"invalid","duration":"31","participants":[{"wid":"70000000102@c.us"},{"id":"0@c.us"},5,{"id":"70000000103@c.us","status":"hungUp","x":1}]}]""");

        var call = (await _client.GetLastOutgoingCallsAsync(_instance)).Value.Should().ContainSingle().Subject;

        call.Participants.Select(participant => (participant.Id.Value, participant.RawStatus)).Should().Equal(("70000000102@c.us", null), ("70000000103@c.us", "hungUp"));
        call.Duration.Should().Be(TimeSpan.FromSeconds(31));
        call.RawStatus.Should().Be("invalid");
    }

    [Fact]
    public async Task GetLastOutgoingCallsAsync_TenThousandGroupCalls_AreAllRead()
    {
        var participants = string.Join(',', Enumerable.Range(0, 16).Select(static number => $$"""{"id":"700000001{{number:00}}@c.us","status":"hungUp"}"""));
        var entries = Enumerable.Range(0, 10_000).Select(number =>
            $$"""{"type":"outgoing","idMessage":"{{number:D32}}","timestamp":1791364700,"typeMessage":"outgoingCall","chatId":"120363000000000001@g.us","duration":31,"isVideo":false,"status":"pickUp","participants":[{{participants}}]}""");
        Respond(200, $"[{string.Join(',', entries)}]");

        var result = await _client.GetLastOutgoingCallsAsync(_instance);

        result.Value.Should().HaveCount(10_000);
        result.Value![^1].Should().BeEquivalentTo(new { IdMessage = $"{9_999:D32}", Status = CallStatus.PickUp });
        result.Value[^1].Participants.Should().HaveCount(16);
    }

    [Theory]
    [InlineData(200, "[]", GreenApiStatus.Ok)]
    [InlineData(200, "{}", GreenApiStatus.InvalidResponse)]
    [InlineData(200, """{"calls":[]}""", GreenApiStatus.InvalidResponse)]
    [InlineData(200, "null", GreenApiStatus.InvalidResponse)]
    [InlineData(200, "", GreenApiStatus.InvalidResponse)]
    [InlineData(200, "<html>", GreenApiStatus.InvalidResponse)]
    [InlineData(200, """[{"idMessage":"A1"}""", GreenApiStatus.InvalidResponse)]
    [InlineData(200, """{"code":401,"description":"Unauthorized"}""", GreenApiStatus.Unauthorized)]
    [InlineData(400, "instance account not authorized", GreenApiStatus.NotAuthorized)]
    [InlineData(400, "bad request data", GreenApiStatus.BadRequest)]
    [InlineData(401, "", GreenApiStatus.Unauthorized)]
    [InlineData(403, "<html><body>Forbidden</body></html>", GreenApiStatus.Forbidden)]
    [InlineData(404, "<html>", GreenApiStatus.NotFound)]
    [InlineData(429, "", GreenApiStatus.RateLimited)]
    [InlineData(466, """{"invokeStatus":{"method":"lastincomingcalls","used":10,"total":10,"status":"QUOTE_EXCEEDED","description":"demo 70000000101@c.us"}}""", GreenApiStatus.QuotaExceeded)]
    [InlineData(502, "<html>", GreenApiStatus.GatewayError)]
    public async Task Journals_Response_MapsToStatus(int code, string body, GreenApiStatus status)
    {
        Respond(code, body);

        var incoming = await _client.GetLastIncomingCallsAsync(_instance);
        var outgoing = await _client.GetLastOutgoingCallsAsync(_instance);

        new[] { incoming, outgoing }.Should().OnlyContain(result => result.Status == status && (result.Value != null) == (status == GreenApiStatus.Ok));
        incoming.ToString().Should().Be($"{status} (HTTP {code})");
    }

    [Theory]
    [InlineData(null, 1440)]
    [InlineData(60, 1)]
    [InlineData(61, 2)]
    [InlineData(4320 * 60, 4320)]
    public async Task Journals_Age_IsSentAsMinutesInTheQuery(int? seconds, int minutes)
    {
        List<string> requests = [];
        _account.Responder = (method, context) =>
        {
            requests.Add($"{context.Request.Method} {method}{context.Request.QueryString} {context.Request.ContentLength ?? 0}");
            return FakeGateway.SendAsync(context, 200, "[]");
        };
        TimeSpan? age = seconds is { } given ? TimeSpan.FromSeconds(given) : null;

        await _client.GetLastIncomingCallsAsync(_instance, age);
        await _client.GetLastOutgoingCallsAsync(_instance, age);

        requests.Should().Equal($"GET lastIncomingCalls?minutes={minutes} 0", $"GET lastOutgoingCalls?minutes={minutes} 0");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(59)]
    [InlineData((4320 * 60) + 1)]
    public async Task Journals_AgeOutOfRange_Throws(int seconds)
    {
        var age = TimeSpan.FromSeconds(seconds);

        await _client.Invoking(client => client.GetLastIncomingCallsAsync(_instance, age)).Should().ThrowAsync<ArgumentOutOfRangeException>().WithParameterName("age");
        await _client.Invoking(client => client.GetLastOutgoingCallsAsync(_instance, age)).Should().ThrowAsync<ArgumentOutOfRangeException>().WithParameterName("age");
        _account.Requests.Should().BeEmpty();
    }

    private void Respond(int status, string body) => _account.Responder = (_, context) => FakeGateway.SendAsync(context, status, body);
}
