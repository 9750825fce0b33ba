using System.Collections.Immutable;
using Krmx;
using Krmx.State;
using Microsoft.AspNetCore.Components;

namespace Cards.Client;

/// <summary>A table as one player sees it. What the page shows is the shared state and nothing else.</summary>
public sealed partial class Table
{
    private const string FeltKey = "felt";

    private static readonly string[] Felts = ["seagreen", "steelblue", "indianred", "slategray"];

    private readonly KrmxClient client = new();
    private readonly ClientProjection<GameView> game;
    private readonly ClientStream<ImmutableArray<Line>> talk;
    private readonly ClientAtoms atoms;
    private string? trouble;
    private string saying = "";

    public Table()
    {
        game = client.AddProjection("game", GameModel.Model);
        talk = client.AddStream("talk", TalkModel.Model);
        atoms = client.AddAtoms();
        game.OnChange(_ => StateHasChanged());
        talk.OnChange(_ => StateHasChanged());
        atoms.OnChange(_ => StateHasChanged());
        client.OnStatus(status =>
        {
            trouble = status == ClientStatus.Reconnecting ? "The connection was lost. Trying again…" : null;
            StateHasChanged();
        });
    }

    [Parameter]
    public string Room { get; set; } = "";

    [Parameter]
    [SupplyParameterFromQuery]
    public string Name { get; set; } = "";

    private bool IsLinked => client.Status == ClientStatus.Linked;

    private bool IsMyTurn => game is { IsLive: true, View.Turn: string turn } && turn == Name;

    private string Situation => game.View switch
    {
        null => "",
        { Winner: string winner } => winner == Name ? "You win the round!" : $"{winner} wins the round.",
        { IsPlaying: false, Seats.Length: < 2 } => "Waiting for somebody to play with. Send them the table's name.",
        { IsPlaying: false } => "Deal when everybody is here.",
        { Turn: null } => "…",
        { Turn: string turn, HasDrawn: bool hasDrawn } when turn == Name => hasDrawn ? "Your turn: play or pass." : "Your turn: play or draw.",
        { Turn: string turn } => $"It is {turn}'s turn.",
    };

    public ValueTask DisposeAsync() => client.DisposeAsync();

    protected override async Task OnInitializedAsync()
    {
        var page = new Uri(Navigation.BaseUri);
        string scheme = page.Scheme == "https" ? "wss" : "ws";
        try
        {
            await client.ConnectAsync($"{scheme}://{page.Authority}/tables/{Uri.EscapeDataString(Room)}");
            await client.LinkAsync(Name);
        }
        catch (KrmxException error)
        {
            trouble = $"You cannot sit down here: {error.Message}.";
        }
    }

    private static string Count(int cards) => cards == 1 ? "1 card" : $"{cards} cards";

    private static string Colour(Card card) => card.Suit is Suit.Diamonds or Suit.Hearts ? "red" : "black";

    private static MarkupString Face(Card card)
    {
        string rank = card.Rank is >= Rank.Jack ? card.Rank.ToString()[..1] : ((int)card.Rank).ToString(System.Globalization.CultureInfo.InvariantCulture);
        return new MarkupString($"<span class=\"rank\">{rank}</span><span class=\"suit\">{"♣♦♥♠"[(int)card.Suit]}</span>");
    }

    private async Task DoAsync(KrmxAction action)
    {
        trouble = null;
        try
        {
            DispatchResult result = await game.DispatchAsync(action);
            trouble = result.IsAccepted ? null : $"That is not possible: {result.Reason}.";
        }
        catch (KrmxException error)
        {
            trouble = $"Nobody knows whether that counted: {error.Message}.";
        }
    }

    private async Task SayAsync()
    {
        string text = saying;
        saying = "";
        if (text.Trim().Length > 0 && await talk.DispatchAsync(TalkModel.Say(text)) is { IsAccepted: false } refused)
            trouble = refused.Reason;
    }

    private async Task LeaveAsync()
    {
        if (IsLinked)
            await client.LeaveAsync();
        Navigation.NavigateTo("");
    }
}
