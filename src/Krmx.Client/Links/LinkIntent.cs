namespace Krmx.Links;

/// <summary>What a client wants of its link: a row each in <see cref="LinkIntents"/>.</summary>
internal enum LinkIntent
{
    /// <summary>No link is wanted.</summary>
    None,

    /// <summary>The application asked for a link, and its proof is being waited for.</summary>
    Proving,

    /// <summary>The server was asked, for the application.</summary>
    Asked,

    /// <summary>The server was asked, and nobody wants the link any more: made all the same, it is ended at once.</summary>
    Withdrawn,

    /// <summary>The link is made; after a drop it is made again.</summary>
    Held,

    /// <summary>The server ended the link. If that was its goodbye to all, it is made again.</summary>
    Ended,

    /// <summary>The connection was lost; the link is made again on the next one.</summary>
    Away,

    /// <summary>There is a connection again; the proof, or the time to ask once more, is being waited for.</summary>
    Returning,

    /// <summary>The server was asked, by the client itself.</summary>
    Relinking,
}
