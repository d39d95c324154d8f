namespace IncomingCalls.Wire;

/// <summary>Reads <c>participants</c>; the gateway's own clients disagree whether a member's key is <c>wid</c> or <c>id</c>.</summary>
internal static class ParticipantsReader
{
    /// <summary>A member that cannot be read is left out: nobody's call is lost over it.</summary>
    /// <param name="array">The JSON array, already known to be well formed.</param>
    public static CallParticipant[] Read(ReadOnlySpan<byte> array)
    {
        var result = new List<CallParticipant>();
        var scanner = new JsonScanner(array);
        scanner.TryEnter('[');
        for (var isFirst = true; scanner.MoveNext(']', ref isFirst);)
        {
            if (!scanner.TryEnter('{'))
            {
                scanner.ReadValue();
            }
            else if (ReadOne(ref scanner, array) is { } participant)
            {
                result.Add(participant);
            }
        }

        return [.. result];
    }

    private static CallParticipant? ReadOne(ref JsonScanner scanner, ReadOnlySpan<byte> json)
    {
        JsonText id = default;
        JsonText status = default;
        for (var isFirst = true; scanner.MoveNext('}', ref isFirst);)
        {
            var property = NotificationProperties.Match(scanner.ReadName(), json);
            var value = scanner.ReadValue();
            switch (property)
            {
                case NotificationProperty.Wid or NotificationProperty.Id:
                    id = JsonText.Of(value);
                    break;
                case NotificationProperty.Status:
                    status = JsonText.Of(value);
                    break;
            }
        }

        return id.TryGet(json, out var text) && ChatId.TryParse(text, out var chatId) && status.TryGet(json, out var rawStatus)
            ? new() { Id = chatId, RawStatus = rawStatus }
            : null;
    }
}
