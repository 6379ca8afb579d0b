"""What forms write."""

import pytest
from django import forms

from tests.assurance.look.drawing import text_of, written


class Lot(forms.Form):
    number = forms.CharField(label="Lot", help_text="As printed")
    price = forms.DecimalField(label="Price", required=False)
    agreed = forms.BooleanField(label="Agreed")
    way = forms.ChoiceField(label="Way", choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)


class TestAField:
    def test_ties_label_hint_and_control_together(self):
        html = written("{% field form.number %}", form=Lot())

        assert '<label class="w-label" for="id_number">Lot</label>' in html
        assert 'aria-describedby="id_number_helptext"' in html
        assert '<p class="w-hint" id="id_number_helptext">As printed</p>' in html
        assert 'class="w-input"' in html

    def test_shows_its_error_beside_itself_and_keeps_what_was_given(self):
        form = Lot({"number": "HJ", "way": "a", "agreed": "on"})
        form.add_error("number", "9 characters are expected, 2 were given.")

        html = written("{% field form.number %}", form=form)

        assert 'aria-invalid="true"' in html
        assert 'value="HJ"' in html
        assert 'id="id_number_error"' in html
        assert "9 characters are expected, 2 were given." in html
        assert "id_number_error" in html.split('aria-describedby="')[1].split('"')[0]

    def test_says_when_it_may_be_left_empty(self, english):
        assert text_of(written('{% field form.price prefix="¥" %}', form=Lot())) == "Price optional ¥"

    def test_with_one_box_has_its_label_behind(self):
        html = written("{% field form.agreed %}", form=Lot())

        assert html.index("<input") < html.index("Agreed")

    @pytest.mark.parametrize("look", ["", "seg"])
    def test_with_choices_is_a_group_with_a_legend(self, look):
        html = written("{% field form.way look=look %}", form=Lot(), look=look)

        assert html.startswith("<fieldset")
        assert "<legend>Way</legend>" in html
        assert html.count('type="radio"') == 2
        assert f'class="w-{look or "ticks"}"' in html


class TestTheSummaryOfErrors:
    def test_links_to_every_wrong_field(self, english):
        html = written("{% form_errors form %}", form=Lot({"number": "", "way": "c"}))

        assert 'href="#id_number"' in html
        assert 'href="#id_agreed"' in html
        assert "3 entries need another look" in html

    def test_shows_what_concerns_no_field(self):
        form = Lot({"number": "1", "way": "a", "agreed": "on"})
        form.add_error(None, "Somebody has just changed this.")

        assert "Somebody has just changed this." in written("{% form_errors form %}", form=form)

    @pytest.mark.parametrize("data", [None, {"number": "1", "way": "a", "agreed": "on"}])
    def test_is_not_there_while_all_is_well(self, data):
        assert written("{% form_errors form %}", form=Lot(data)) == ""
