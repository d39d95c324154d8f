namespace Fragments;

/// <summary>A message of whatever broker the reader's application uses.</summary>
internal interface IBrokerMessage
{
    ReadOnlyMemory<byte> Body { get; }

    Task CompleteAsync();

    Task ReturnAsync();

    Task SetAsideAsync(string? reason);
}
