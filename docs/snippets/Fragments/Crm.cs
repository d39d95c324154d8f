namespace Fragments;

/// <summary>The system that the reader's application writes to.</summary>
internal interface ICrm
{
    Task UpsertAsync(string key, object row, CancellationToken cancellationToken);

    Task<string?> ContactNameAsync(string phone, CancellationToken cancellationToken);

    Task ShowAsync(string key, string text, CancellationToken cancellationToken);

    Task HideAsync(string key, CancellationToken cancellationToken);
}
